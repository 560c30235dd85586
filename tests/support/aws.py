"""One embedded AWS for all the tests of a process, its permissions enforced."""

import atexit
import functools
import json
import secrets
from collections.abc import Mapping

from toolkit.localcloud.aws import EmbeddedAws
from toolkit.localcloud.connection import AwsConnection

ACCOUNT = "123456789012"


@functools.cache
def shared_aws() -> EmbeddedAws:
    """The running embedded AWS; tests keep apart by the names of what they make."""
    aws = EmbeddedAws()
    aws.start()
    atexit.register(aws.stop)
    return aws


def unique(prefix: str) -> str:
    """A name that no other test has."""
    return f"{prefix}-{secrets.token_hex(4)}"


def role_with(*statements: Mapping[str, object]) -> AwsConnection:
    """The connection of a new role that has these statements and nothing more."""
    aws = shared_aws()
    iam, name = aws.connection.client("iam"), unique("role")
    principal = {"Service": "lambda.amazonaws.com"}
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}],
    }
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    if statements:
        document = {"Version": "2012-10-17", "Statement": list(statements)}
        iam.put_role_policy(RoleName=name, PolicyName="only", PolicyDocument=json.dumps(document))
    answer = aws.connection.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="test")["Credentials"]
    return AwsConnection(
        aws.endpoint_url,
        aws.connection.region,
        answer["AccessKeyId"],
        answer["SecretAccessKey"],
        answer["SessionToken"],
    )
