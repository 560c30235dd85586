"""The account of an embedded AWS in a file, from which the next process continues."""

import io
import json
import os
import resource
import signal
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from toolkit.localcloud.aws import EmbeddedAws, EmbeddedAwsError
from toolkit.localcloud.aws.account_file import LargeValues
from toolkit.localcloud.embedded_client import call_embedded_route

TABLE = {
    "TableName": "things",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "account"


def test_restored_account_has_all_resources_and_a_new_administrator_key(file: Path) -> None:
    with EmbeddedAws(kept=file) as first:
        assert first.account_state == "new"
        client = first.connection.client
        client("dynamodb").create_table(**TABLE)
        client("s3").create_bucket(Bucket="attachments")
        pool = client("cognito-idp").create_user_pool(PoolName="people")["UserPool"]["Id"]
        key = client("kms").create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
        public_key = client("kms").get_public_key(KeyId=key)["PublicKey"]
        first.keep()
        client("dynamodb").put_item(TableName="things", Item={"id": {"S": "written after that"}})
        client("s3").put_object(Bucket="attachments", Key="plan", Body=b"a plan")
    assert file.stat().st_mode & 0o777 == 0o600

    with EmbeddedAws(kept=file) as second:
        assert second.account_state == "kept"
        client = second.connection.client
        assert client("dynamodb").scan(TableName="things")["Items"] == [{"id": {"S": "written after that"}}]
        assert client("s3").get_object(Bucket="attachments", Key="plan")["Body"].read() == b"a plan"
        assert client("cognito-idp").describe_user_pool(UserPoolId=pool)["UserPool"]["Name"] == "people"
        assert client("kms").get_public_key(KeyId=key)["PublicKey"] == public_key
        client("s3").create_bucket(Bucket="attachments")  # S3's answer to the owner in this region: it is there
        assert client("s3").list_objects_v2(Bucket="attachments")["KeyCount"] == 1
        listed = client("iam").list_access_keys(UserName="local-administrator")["AccessKeyMetadata"]
        assert [key["AccessKeyId"] for key in listed] == [second.connection.access_key_id]


def test_account_without_keep_is_not_written(file: Path) -> None:
    with EmbeddedAws(kept=file) as aws:
        aws.connection.client("dynamodb").create_table(**TABLE)
    assert not file.exists()


def test_restored_account_has_queues_schedules_and_parameters(file: Path) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"}
    with EmbeddedAws(kept=file) as first:
        client = first.connection.client
        client("dynamodb").create_table(**TABLE)
        url = client("sqs").create_queue(QueueName="jobs")["QueueUrl"]
        client("sqs").send_message(QueueUrl=url, MessageBody="one")
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        role = client("iam").create_role(RoleName="role", AssumeRolePolicyDocument=document)["Role"]["Arn"]
        target = {"Arn": "arn:aws:lambda:us-east-1:123456789012:function:worker", "RoleArn": role}
        client("scheduler").create_schedule(
            Name="daily", ScheduleExpression="rate(1 day)", FlexibleTimeWindow={"Mode": "OFF"}, Target=target
        )
        client("ssm").put_parameter(Name="/service/limit", Type="String", Value="10")
        first.keep()
    with EmbeddedAws(kept=file) as second:
        assert second.account_state == "kept"
        client = second.connection.client
        (message,) = client("sqs").receive_message(QueueUrl=url)["Messages"]
        assert message["Body"] == "one"
        assert client("scheduler").get_schedule(Name="daily")["Target"]["RoleArn"] == role
        client("ssm").put_parameter(Name="/service/other", Type="String", Value="20")
        found = client("ssm").get_parameters_by_path(Path="/service")["Parameters"]
        assert {each["Value"] for each in found} == {"10", "20"}


@pytest.mark.parametrize("content", [b"", b"half a fi", b'{"written_by": "moto 1", "sha256": ""}\n'])
def test_unusable_account_file_is_reported_and_renamed(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with EmbeddedAws(kept=file) as aws:
        assert aws.account_state == "damaged"
        assert aws.connection.client("dynamodb").list_tables()["TableNames"] == []
        aws.keep()
    (aside,) = file.parent.glob("account.damaged-*")
    assert aside.read_bytes() == content


def reset(file: Path) -> None:
    """Make the file that of an account without resources."""
    other = file.with_name("other")
    with EmbeddedAws(kept=other) as empty:
        empty.keep()
    other.replace(file)


@pytest.mark.parametrize("spoil", [reset, lambda file: file.write_bytes(b"half a fi")])
def test_damaged_or_reset_account_is_recovered_from_its_last_good_copy(
    file: Path, spoil: Callable[[Path], object]
) -> None:
    with EmbeddedAws(kept=file) as first:
        first.connection.client("dynamodb").create_table(**TABLE)
        first.keep()
    with EmbeddedAws(kept=file) as second:
        assert second.account_state == "kept"
        second.keep()
    spoil(file)
    with EmbeddedAws(kept=file) as third:
        assert third.account_state == "recovered"
        assert third.connection.client("dynamodb").list_tables()["TableNames"] == ["things"]
        third.keep()
    with EmbeddedAws(kept=file) as fourth:
        assert fourth.account_state == "kept"


def test_save_on_full_disk_keeps_the_last_good_file(file: Path) -> None:
    with EmbeddedAws(kept=file) as aws:
        aws.connection.client("dynamodb").create_table(**TABLE)
        aws.keep()
        good = file.read_bytes()
        assert aws.pid is not None
        resource.prlimit(aws.pid, resource.RLIMIT_FSIZE, (len(good), len(good)))
        aws.connection.client("s3").create_bucket(Bucket="bucket")
        aws.connection.client("s3").put_object(Bucket="bucket", Key="large", Body=bytes(len(good)))
        with pytest.raises(EmbeddedAwsError, match="cannot write its account"):
            aws.keep()
        assert aws.connection.client("s3").list_buckets()["Buckets"]
    assert file.read_bytes() == good
    assert {path.name for path in file.parent.iterdir()} == {"account"}


def test_saved_account_has_only_function_code_in_use(file: Path) -> None:
    with EmbeddedAws(kept=file) as first:
        functions, roles = first.connection.client("lambda"), first.connection.client("iam")
        role = roles.create_role(RoleName="role", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
        code = [zipped(f"{number}" * 100) for number in range(3)]
        settings: Any = {"FunctionName": "f", "Runtime": "python3.13", "Handler": "a.b", "Role": role, "Publish": True}
        functions.create_function(**settings, Code={"ZipFile": code[0]})
        functions.create_alias(FunctionName="f", Name="live", FunctionVersion="1")
        for content in code[1:]:
            functions.update_function_code(FunctionName="f", ZipFile=content, Publish=True)
        first.keep()
    with EmbeddedAws(kept=file) as second:
        functions = second.connection.client("lambda")
        versions = [found["Version"] for found in functions.list_versions_by_function(FunctionName="f")["Versions"]]
        assert versions == ["$LATEST", "1", "2", "3"]
        kept = [call_embedded_route(second.connection, f"functions/f/{version}/code").content for version in versions]
        assert kept == [code[2], code[0], b"", code[2]]


def zipped(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as bundle:
        bundle.writestr("a.py", text)
    return buffer.getvalue()


def test_account_is_saved_while_requests_change_it(file: Path) -> None:
    written: list[int] = []
    ended = threading.Event()

    def write(aws: EmbeddedAws) -> None:
        while not ended.is_set():
            aws.connection.client("dynamodb").put_item(TableName="things", Item={"id": {"S": str(len(written))}})
            written.append(len(written))

    with EmbeddedAws(kept=file) as aws:
        aws.connection.client("dynamodb").create_table(**TABLE)
        writer = threading.Thread(target=write, args=[aws])
        writer.start()
        for _ in range(20):
            aws.keep()
            time.sleep(0.01)
        ended.set()
        writer.join()
    with EmbeddedAws(kept=file) as again:
        assert again.connection.client("dynamodb").scan(TableName="things", Select="COUNT")["Count"] == len(written)


@pytest.mark.parametrize("delay", [0.0, 0.13, 0.71])
def test_every_acknowledged_write_survives_sigkill_under_load(file: Path, delay: float) -> None:
    acknowledged: list[str] = []

    def write(aws: EmbeddedAws, writer: int) -> None:
        for number in range(10_000):
            name, body = f"{writer}-{number}", bytes(LargeValues.MIN_BYTES + number)
            try:
                aws.connection.client("dynamodb").transact_write_items(
                    TransactItems=[
                        {"Put": {"TableName": "things", "Item": {"id": {"S": f"{name}-{half}"}}}} for half in "ab"
                    ]
                )
                aws.connection.client("s3").put_object(Bucket="bucket", Key=name, Body=body)
            except (BotoCoreError, ClientError):
                return
            acknowledged.append(name)

    with EmbeddedAws(kept=file) as aws:
        aws.connection.client("dynamodb").create_table(**TABLE)
        aws.connection.client("s3").create_bucket(Bucket="bucket")
        aws.keep()
        writers = [threading.Thread(target=write, args=[aws, number]) for number in range(4)]
        for writer in writers:
            writer.start()
        while len(acknowledged) < 4:
            time.sleep(0.01)
        time.sleep(delay)
        assert aws.pid is not None
        os.kill(aws.pid, signal.SIGKILL)
        for writer in writers:
            writer.join()

    with EmbeddedAws(kept=file) as again:
        assert again.account_state == "kept"
        items = again.connection.client("dynamodb").scan(TableName="things")["Items"]
        names = {item["id"]["S"] for item in items}
        assert {f"{name}-{half}" for name in acknowledged for half in "ab"} <= names
        assert {name[:-1] + half for name in names for half in "ab"} == names, "no transaction is half done"
        for name in acknowledged:
            size = LargeValues.MIN_BYTES + int(name.partition("-")[2])
            assert again.connection.client("s3").head_object(Bucket="bucket", Key=name)["ContentLength"] == size


def test_killed_deployment_leaves_the_previous_account(file: Path) -> None:
    with EmbeddedAws(kept=file) as aws:
        aws.connection.client("dynamodb").create_table(**TABLE)
        aws.keep()
        aws.hold()
        aws.connection.client("s3").create_bucket(Bucket="bucket")
        assert aws.pid is not None
        os.kill(aws.pid, signal.SIGKILL)
    with EmbeddedAws(kept=file) as again:
        assert again.connection.client("s3").list_buckets()["Buckets"] == []
        assert again.connection.client("dynamodb").list_tables()["TableNames"] == ["things"]


def test_account_with_a_missing_large_value_is_rejected(file: Path) -> None:
    with EmbeddedAws(kept=file) as aws:
        aws.connection.client("s3").create_bucket(Bucket="bucket")
        aws.connection.client("s3").put_object(Bucket="bucket", Key="large", Body=bytes(LargeValues.MIN_BYTES))
        aws.keep()
    (value,) = (file.parent / "account-values").iterdir()
    value.write_bytes(b"damaged")
    with EmbeddedAws(kept=file) as again:
        assert again.account_state == "damaged"


def test_unused_large_values_are_removed_at_next_start(file: Path) -> None:
    with EmbeddedAws(kept=file) as aws:
        client = aws.connection.client("s3")
        client.create_bucket(Bucket="bucket")
        aws.keep()
        client.put_object(Bucket="bucket", Key="large", Body=bytes(LargeValues.MIN_BYTES))
        client.delete_object(Bucket="bucket", Key="large")
    assert list((file.parent / "account-values").iterdir())
    with EmbeddedAws(kept=file):
        assert list((file.parent / "account-values").iterdir()) == []
