"""The resource-based policies in the embedded AWS: of buckets, keys, secrets, topics, queues, functions, tables."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import lambda_backends
from moto.dynamodb.models import dynamodb_backends
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from toolkit.localcloud.aws.authorization.callers import PARTITION

MUST_ALLOW = {"kms"}
"""Services whose resource-based policy must allow, whatever the caller's own policies allow."""
NO_TRUST = '{"Statement": []}'


def resource_policy(resource: str, account_id: str, region: str) -> str | None:
    """Return the policy document (JSON) of the resource with this ARN, None where it has none."""
    service, _, name = resource.partition(":")[2].partition(":")[2].partition(":")
    find = _FINDERS.get(service)
    return find(resource, name.split(":", 2)[-1], account_id, region) if find else None


def trust_policy(role_arn: str, account_id: str) -> str:
    """Return a role's trust policy; a role that does not exist trusts no principal."""
    roles = list(iam_backends[account_id][PARTITION].roles.values())
    return next((str(role.assume_role_policy_document) for role in roles if role.arn == role_arn), NO_TRUST)


def _of_bucket(_arn: str, name: str, account_id: str, _region: str) -> str | None:
    bucket = s3_backends[account_id][PARTITION].buckets.get(name.partition("/")[0])
    return bucket.policy.decode() if bucket is not None and bucket.policy else None


def _of_key(_arn: str, name: str, account_id: str, region: str) -> str | None:
    key = kms_backends[account_id][region].keys.get(name.removeprefix("key/"))
    return None if key is None else str(key.policy)


def _of_secret(arn: str, _name: str, account_id: str, region: str) -> str | None:
    policy = getattr(secretsmanager_backends[account_id][region].secrets.get(arn), "policy", None)
    return None if policy is None else str(policy)


def _of_topic(arn: str, _name: str, account_id: str, region: str) -> str | None:
    topic = sns_backends[account_id][region].topics.get(arn)
    return None if topic is None else str(topic.policy)


def _of_queue(_arn: str, name: str, account_id: str, region: str) -> str | None:
    policy = getattr(sqs_backends[account_id][region].queues.get(name), "policy", None)
    return str(policy) if policy else None


def _of_function(_arn: str, name: str, account_id: str, region: str) -> str | None:
    name, _, qualifier = name.removeprefix("function:").partition(":")
    try:
        function: Any = lambda_backends[account_id][region].get_function(name, qualifier or None)
    except LambdaClientError:
        return None
    statements = function.policy.statements
    return json.dumps({"Version": "2012-10-17", "Statement": statements}) if statements else None


def _of_table(arn: str, _name: str, account_id: str, region: str) -> str | None:
    policy = dynamodb_backends[account_id][region].resource_policies.get(arn.partition("/index/")[0])
    return None if policy is None else str(policy.policy_doc)


_FINDERS: Mapping[str, Callable[[str, str, str, str], str | None]] = {
    "dynamodb": _of_table,
    "kms": _of_key,
    "lambda": _of_function,
    "s3": _of_bucket,
    "secretsmanager": _of_secret,
    "sns": _of_topic,
    "sqs": _of_queue,
}
