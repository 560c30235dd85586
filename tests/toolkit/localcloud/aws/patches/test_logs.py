"""A log group takes only a key whose policy lets CloudWatch Logs use it for that group."""

import pytest

from tests.support.aws import ACCOUNT, shared_aws, unique
from tests.support.iam import allow, answer, document

ADMINISTRATION = {**allow("kms:*"), "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}


def group_arn(name: str) -> str:
    return f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{name}"


def key_for(name: str) -> str:
    """A key that CloudWatch Logs may use for the log groups of this name."""
    use = allow(["kms:Encrypt*", "kms:Decrypt*", "kms:GenerateDataKey*"])
    use |= {
        "Principal": {"Service": "logs.us-east-1.amazonaws.com"},
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": group_arn(name)}},
    }
    kms = shared_aws().connection.client("kms")
    return str(kms.create_key(Policy=document(ADMINISTRATION, use))["KeyMetadata"]["Arn"])


def test_log_group_takes_a_key_that_covers_it() -> None:
    logs, name = shared_aws().connection.client("logs"), unique("/covered")
    assert answer(logs, "create_log_group", logGroupName=name, kmsKeyId=key_for("/covered-*")) == "ok"
    assert answer(logs, "associate_kms_key", logGroupName=name, kmsKeyId=key_for(name)) == "ok"
    assert answer(logs, "disassociate_kms_key", logGroupName=name) == "ok"


def test_log_group_rejects_a_key_that_covers_another() -> None:
    logs, name = shared_aws().connection.client("logs"), unique("/group")
    with pytest.raises(logs.exceptions.ClientError, match="is not allowed to be used with Arn") as error:
        logs.create_log_group(logGroupName=name, kmsKeyId=key_for("/other"))
    assert error.value.response["Error"]["Code"] == "AccessDeniedException"
    assert logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"] == []
    logs.create_log_group(logGroupName=name)
    assert answer(logs, "associate_kms_key", logGroupName=name, kmsKeyId=key_for("/other")) == "AccessDeniedException"
    assert "kmsKeyId" not in logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]


def test_log_group_rejects_a_key_without_statement_for_logs_and_one_that_does_not_exist() -> None:
    logs, kms = (shared_aws().connection.client(service) for service in ("logs", "kms"))
    plain = kms.create_key()["KeyMetadata"]["Arn"]
    for key in (plain, f"arn:aws:kms:us-east-1:{ACCOUNT}:key/none"):
        assert answer(logs, "create_log_group", logGroupName=unique("/g"), kmsKeyId=key) == "AccessDeniedException"
