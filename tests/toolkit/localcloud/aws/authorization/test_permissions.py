"""Each call is authorized by its caller's own policies as in AWS, and denied with AWS's error message."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.support.aws import ACCOUNT, role_with, shared_aws, unique
from toolkit.localcloud.aws.authorization.callers import Caller
from toolkit.localcloud.connection import AwsConnection

KEY = {"owner": {"S": "ada"}}


@pytest.fixture(scope="module")
def table() -> str:
    return make_table()


def make_table() -> str:
    name = unique("table")
    shared_aws().connection.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "owner", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "owner", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


def arn(table: str) -> str:
    return f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/{table}"


def allow(actions: str | list[str], resource: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource, **more}


def refusal(call: Any, **arguments: Any) -> ClientError:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value


def test_role_policy_allows_calls_on_the_table_that_it_names(table: str) -> None:
    dynamodb = role_with(allow("dynamodb:GetItem", arn(table))).client("dynamodb")
    assert "Item" not in dynamodb.get_item(TableName=table, Key=KEY)


def test_denied_write_names_caller_action_and_table(table: str) -> None:
    dynamodb = role_with(allow("dynamodb:GetItem", arn(table))).client("dynamodb")
    error = refusal(dynamodb.put_item, TableName=table, Item=KEY)
    assert error.response["Error"]["Code"] == "AccessDeniedException"
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    message = error.response["Error"]["Message"]
    assert message.startswith(f"User: arn:aws:sts::{ACCOUNT}:assumed-role/role-")
    assert f"is not authorized to perform: dynamodb:PutItem on resource: {arn(table)} " in message


def test_call_on_another_table_is_denied(table: str) -> None:
    other = make_table()
    dynamodb = role_with(allow("dynamodb:*", arn(table))).client("dynamodb")
    assert arn(other) in str(refusal(dynamodb.get_item, TableName=other, Key=KEY))


def test_transaction_requires_each_of_its_actions(table: str) -> None:
    update = {
        "TableName": table,
        "Key": KEY,
        "UpdateExpression": "SET seen = :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }
    writes = [{"Update": update}, {"Put": {"TableName": table, "Item": {"owner": {"S": "bob"}}}}]
    half = role_with(allow("dynamodb:UpdateItem", arn(table))).client("dynamodb")
    assert "dynamodb:PutItem" in str(refusal(half.transact_write_items, TransactItems=writes))
    whole = role_with(allow(["dynamodb:UpdateItem", "dynamodb:PutItem"], arn(table))).client("dynamodb")
    whole.transact_write_items(TransactItems=writes)


def test_batch_requires_permission_for_every_table(table: str) -> None:
    other = make_table()
    dynamodb = role_with(allow("dynamodb:BatchGetItem", arn(table))).client("dynamodb")
    dynamodb.batch_get_item(RequestItems={table: {"Keys": [KEY]}})
    both = {name: {"Keys": [KEY]} for name in (table, other)}
    assert arn(other) in str(refusal(dynamodb.batch_get_item, RequestItems=both))


def test_explicit_deny_overrides_allow_of_the_same_role(table: str) -> None:
    denial = {"Effect": "Deny", "Action": "dynamodb:Get*", "Resource": "*"}
    dynamodb = role_with(allow("*", "*"), denial).client("dynamodb")
    dynamodb.put_item(TableName=table, Item=KEY)
    message = str(refusal(dynamodb.get_item, TableName=table, Key=KEY))
    assert message.endswith(
        f"dynamodb:GetItem on resource: {arn(table)} with an explicit deny in an identity-based policy"
    )


def test_call_outside_the_permissions_boundary_is_denied(table: str) -> None:
    iam = shared_aws().connection.client("iam")
    reads = json.dumps({"Version": "2012-10-17", "Statement": [allow("dynamodb:Get*", "*")]})
    boundary = iam.create_policy(PolicyName=unique("boundary"), PolicyDocument=reads)["Policy"]["Arn"]
    role = role_with(allow("dynamodb:*", arn(table)))
    name = role.client("sts").get_caller_identity()["Arn"].split("/")[1]
    role.client("dynamodb").put_item(TableName=table, Item=KEY)
    iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=boundary)
    role.client("dynamodb").get_item(TableName=table, Key=KEY)
    message = str(refusal(role.client("dynamodb").put_item, TableName=table, Item=KEY))
    assert message.endswith("because no permissions boundary allows the dynamodb:PutItem action")
    assert "dynamodb:Scan" in str(refusal(role.client("dynamodb").scan, TableName=table))


def test_session_policy_limits_the_session(table: str) -> None:
    aws = shared_aws()
    role = aws.connection.client("iam").get_role(
        RoleName=role_with(allow("dynamodb:*", arn(table))).client("sts").get_caller_identity()["Arn"].split("/")[1]
    )["Role"]["Arn"]
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow(["dynamodb:GetItem", "s3:*"], "*")]})
    answer = aws.connection.client("sts").assume_role(RoleArn=role, RoleSessionName="narrow", Policy=policy)
    key = answer["Credentials"]
    dynamodb = with_credentials(key["AccessKeyId"], key["SecretAccessKey"], key["SessionToken"])
    dynamodb.get_item(TableName=table, Key=KEY)
    message = str(refusal(dynamodb.put_item, TableName=table, Item=KEY))
    assert message.endswith("because no session policy allows the dynamodb:PutItem action")


def test_permission_for_one_secret_allows_no_other() -> None:
    admin = shared_aws().connection.client("secretsmanager")
    mine, other = (admin.create_secret(Name=unique("secret"), SecretString="hush")["ARN"] for _ in range(2))
    secrets = role_with(allow("secretsmanager:GetSecretValue", mine)).client("secretsmanager")
    assert secrets.get_secret_value(SecretId=mine)["SecretString"] == "hush"
    assert refusal(secrets.get_secret_value, SecretId=other).response["Error"]["Code"] == "AccessDeniedException"


def test_log_events_are_allowed_to_the_named_log_group_only() -> None:
    mine, other = unique("/function/mine"), unique("/function/other")
    for group in (mine, other):
        shared_aws().connection.client("logs").create_log_group(logGroupName=group)
    resource = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{mine}:*"
    logs = role_with(allow(["logs:CreateLogStream", "logs:PutLogEvents"], resource)).client("logs")
    logs.create_log_stream(logGroupName=mine, logStreamName="one")
    logs.put_log_events(logGroupName=mine, logStreamName="one", logEvents=[{"timestamp": 0, "message": "hello"}])
    assert other in str(refusal(logs.create_log_stream, logGroupName=other, logStreamName="one"))


@pytest.mark.parametrize(
    ("service", "call", "status", "code"),
    [
        ("lambda", "list_functions", 403, "AccessDeniedException"),
        ("iam", "list_roles", 403, "AccessDenied"),
        ("s3", "list_buckets", 403, "AccessDenied"),
        ("cognito-idp", "list_user_pools", 400, "AccessDeniedException"),
        ("xray", "put_trace_segments", 403, "AccessDeniedException"),
    ],
)
def test_denied_call_has_the_error_format_of_its_protocol(service: str, call: str, status: int, code: str) -> None:
    needed: dict[str, dict[str, Any]] = {
        "cognito-idp": {"MaxResults": 1},
        "xray": {"TraceSegmentDocuments": ["{}"]},
    }
    error = refusal(getattr(role_with().client(service), call), **needed.get(service, {}))
    assert (error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Code"]) == (status, code)
    assert "is not authorized to perform" in error.response["Error"]["Message"]


def with_credentials(key: str, secret: str, token: str | None = None) -> Any:
    aws = shared_aws()
    return AwsConnection(aws.endpoint_url, "us-east-1", key, secret, token).client("dynamodb")


def test_unknown_access_key_is_rejected() -> None:
    error = refusal(with_credentials("AKIANOBODY", "x").list_tables)
    assert error.response["Error"]["Code"] == "UnrecognizedClientException"


def test_wrong_secret_key_is_rejected() -> None:
    admin = shared_aws().connection
    error = refusal(with_credentials(admin.access_key_id, "wrong").list_tables)
    assert error.response["Error"]["Code"] == "InvalidSignatureException"


def test_temporary_credentials_without_their_token_are_rejected() -> None:
    role = role_with(allow("*", "*"))
    error = refusal(with_credentials(role.access_key_id, role.secret_access_key).list_tables)
    assert error.response["Error"]["Code"] == "UnrecognizedClientException"


def test_role_without_trusted_principal_cannot_be_assumed() -> None:
    iam = shared_aws().connection.client("iam")
    trust = '{"Version": "2012-10-17", "Statement": []}'
    role = iam.create_role(RoleName=unique("role"), AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    sts = shared_aws().connection.client("sts")
    assert "sts:AssumeRole" in str(refusal(sts.assume_role, RoleArn=role, RoleSessionName="test"))


def test_temporary_credentials_expire() -> None:
    now = datetime.now(UTC)
    ended, lasting = (
        Caller("arn", Credentials("key", "secret"), (), now + timedelta(seconds=seconds)) for seconds in (-1, 60)
    )
    assert ended.expired
    assert not lasting.expired
    assert not Caller("arn", Credentials("key", "secret"), ()).expired
