"""Calls of boto3 against the embedded AWS: trust policies, resource-based policies, condition keys."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.aws import ACCOUNT, role_with, shared_aws, unique
from tests.support.iam import allow, answer, document, role_arn
from toolkit.localcloud.aws.authorization.dynamodb_requirements import dynamodb_requirements
from toolkit.localcloud.connection import AwsConnection

LAMBDA = {"Service": "lambda.amazonaws.com"}
ADMINISTRATOR = f"arn:aws:iam::{ACCOUNT}:user/local-administrator"


def role_trusting(principal: Any, **more: Any) -> str:
    trust = document({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, **more})
    iam = shared_aws().connection.client("iam")
    return str(iam.create_role(RoleName=unique("trusting"), AssumeRolePolicyDocument=trust)["Role"]["Arn"])


def assume(caller: AwsConnection, role: str, **more: Any) -> str:
    return answer(caller.client("sts"), "assume_role", RoleArn=role, RoleSessionName="test", **more)


@pytest.fixture(scope="module")
def assumer() -> AwsConnection:
    return role_with(allow("sts:AssumeRole"))


@pytest.fixture(scope="module")
def bare() -> AwsConnection:
    return role_with()


@pytest.fixture
def bucket() -> str:
    name = unique("bucket")
    s3 = shared_aws().connection.client("s3")
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="home/ada", Body=b"x")
    return name


def attach(bucket: str, **statement: Any) -> None:
    resource = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
    policy = document({"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource, **statement})
    shared_aws().connection.client("s3").put_bucket_policy(Bucket=bucket, Policy=policy)


def test_role_that_trusts_service_cannot_be_assumed_by_another_role(assumer: AwsConnection) -> None:
    assert assume(assumer, role_trusting(LAMBDA)) == "AccessDenied"


def test_role_that_does_not_exist_cannot_be_assumed(assumer: AwsConnection) -> None:
    assert assume(assumer, f"arn:aws:iam::{ACCOUNT}:role/none") == "AccessDenied"
    assert assume(assumer, "arn:aws:iam::999999999999:role/none") == "AccessDenied"


def test_trust_in_account_leaves_decision_to_callers_policy(assumer: AwsConnection, bare: AwsConnection) -> None:
    role = role_trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
    assert (assume(assumer, role), assume(bare, role)) == ("ok", "AccessDenied")


def test_trust_policy_that_names_a_role_allows_only_that_role(bare: AwsConnection, assumer: AwsConnection) -> None:
    role = role_trusting({"AWS": role_arn(bare)})
    assert (assume(bare, role), assume(assumer, role)) == ("ok", "AccessDenied")


def test_external_id_of_trust_policy_must_be_sent(bare: AwsConnection) -> None:
    role = role_trusting({"AWS": role_arn(bare)}, Condition={"StringEquals": {"sts:ExternalId": "one"}})
    assert assume(bare, role, ExternalId="one") == "ok"
    assert assume(bare, role, ExternalId="two") == assume(bare, role) == "AccessDenied"


def test_managed_session_policy_limits_session() -> None:
    aws = shared_aws()
    iam = aws.connection.client("iam")
    limit = iam.create_policy(PolicyName=unique("limit"), PolicyDocument=document(allow("dynamodb:ListTables")))
    keys = aws.connection.client("sts").assume_role(
        RoleArn=role_arn(role_with(allow("*"))),
        RoleSessionName="limited",
        PolicyArns=[{"arn": limit["Policy"]["Arn"]}],
    )["Credentials"]
    session = AwsConnection(
        aws.endpoint_url, "us-east-1", keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]
    )
    assert answer(session.client("dynamodb"), "list_tables") == "ok"
    assert answer(session.client("s3"), "list_buckets") == "AccessDenied"


def test_bucket_policy_allows_role_that_it_names(bucket: str, bare: AwsConnection, assumer: AwsConnection) -> None:
    attach(bucket, Principal={"AWS": role_arn(bare)})
    wanted = {"Bucket": bucket, "Key": "home/ada"}
    assert answer(bare.client("s3"), "get_object", **wanted) == "ok"
    assert answer(bare.client("s3"), "delete_object", **wanted) == "AccessDenied"
    assert answer(assumer.client("s3"), "get_object", **wanted) == "AccessDenied"


def test_bucket_policy_denies_callers_from_other_networks(bucket: str) -> None:
    reader = role_with(allow("s3:GetObject")).client("s3")
    elsewhere = {"NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"]}}
    attach(bucket, Effect="Deny", Principal="*", Condition=elsewhere)
    assert answer(reader, "get_object", Bucket=bucket, Key="home/ada") == "AccessDenied"
    attach(bucket, Effect="Deny", Principal="*", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}})
    assert answer(reader, "get_object", Bucket=bucket, Key="home/ada") == "ok"


def test_deleting_several_objects_is_evaluated_for_each(bucket: str) -> None:
    deleter = role_with(allow("s3:DeleteObject", f"arn:aws:s3:::{bucket}/home/*")).client("s3")
    objects = {"Objects": [{"Key": "home/ada"}, {"Key": "work/ada"}]}
    found = deleter.delete_objects(Bucket=bucket, Delete=objects)
    assert [each["Key"] for each in found["Deleted"]] == ["home/ada"]
    assert [(each["Key"], each["Code"]) for each in found["Errors"]] == [("work/ada", "AccessDenied")]


def test_copy_requires_permission_to_read_its_source(bucket: str) -> None:
    source = {"Bucket": bucket, "Key": "home/ada"}
    writer = role_with(allow("s3:PutObject")).client("s3")
    assert answer(writer, "copy_object", Bucket=bucket, Key="copy", CopySource=source) == "AccessDenied"


def test_listing_is_limited_to_prefix(bucket: str) -> None:
    condition = {"StringLike": {"s3:prefix": "home/*"}}
    lister = role_with(allow("s3:ListBucket", f"arn:aws:s3:::{bucket}", Condition=condition)).client("s3")
    assert answer(lister, "list_objects_v2", Bucket=bucket, Prefix="home/a") == "ok"
    assert answer(lister, "list_objects_v2", Bucket=bucket) == "AccessDenied"


def test_leading_keys_limit_each_call_to_own_items() -> None:
    table = unique("table")
    shared_aws().connection.client("dynamodb").create_table(
        TableName=table,
        KeySchema=[{"AttributeName": "owner", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "owner", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    condition = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["ada"]}}
    dynamodb = role_with(allow("dynamodb:*", Condition=condition)).client("dynamodb")

    def of(*owners: str) -> list[str]:
        keys = [{"owner": {"S": owner}} for owner in owners]
        query = {"KeyConditionExpression": "#o = :o", "ExpressionAttributeNames": {"#o": "owner"}}
        return [
            answer(dynamodb, "get_item", TableName=table, Key=keys[-1]),
            answer(dynamodb, "query", TableName=table, **query, ExpressionAttributeValues={":o": {"S": owners[-1]}}),
            answer(dynamodb, "batch_get_item", RequestItems={table: {"Keys": keys}}),
            answer(dynamodb, "batch_write_item", RequestItems={table: [{"PutRequest": {"Item": key}} for key in keys]}),
            answer(
                dynamodb,
                "transact_write_items",
                TransactItems=[{"Put": {"TableName": table, "Item": key}} for key in keys],
            ),
        ]

    assert of("ada") == ["ok"] * 5
    assert of("ada", "bob") == ["AccessDeniedException"] * 5


def test_partiql_statement_meets_no_condition_on_keys() -> None:
    table = str(
        shared_aws()
        .connection.client("dynamodb")
        .create_table(
            TableName=unique("table"),
            KeySchema=[{"AttributeName": "owner", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "owner", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )["TableDescription"]["TableName"]
    )
    condition = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["ada"]}}
    limited = role_with({**allow("dynamodb:*"), "Condition": condition}).client("dynamodb")
    insert = f"INSERT INTO \"{table}\" VALUE {{'owner': 'ben'}}"
    assert answer(limited, "execute_statement", Statement=insert) == "AccessDeniedException"
    assert answer(limited, "batch_execute_statement", Statements=[{"Statement": insert}]) == "AccessDeniedException"
    free = role_with(allow("dynamodb:PartiQLInsert", f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/{table}"))
    assert answer(free.client("dynamodb"), "execute_statement", Statement=insert) == "ok"


@pytest.mark.parametrize(
    ("statement", "action", "table"),
    [
        ("INSERT INTO \"a\" VALUE {'owner': 'x'}", "PartiQLInsert", "table/a"),
        ("update a set note='from b' where owner='x'", "PartiQLUpdate", "table/a"),
        ("DELETE FROM a WHERE owner='x'", "PartiQLDelete", "table/a"),
        ('SELECT owner, note FROM "a"."index"', "PartiQLSelect", "table/a"),
        ('SELECT "x from b" FROM a', "PartiQLSelect", "*"),
        ("EXISTS (SELECT * FROM a)", "PartiQLSelect", "*"),
    ],
)
def test_partiql_statement_requires_permission_for_its_table(statement: str, action: str, table: str) -> None:
    handler = SimpleNamespace(region="us-east-1", current_account=ACCOUNT)
    (need,) = dynamodb_requirements("ExecuteStatement", {"Statement": statement}, handler)
    assert need.action == action
    assert need.resource.endswith(table)


def test_key_policy_that_does_not_allow_denies_the_call() -> None:
    kms = shared_aws().connection.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    user = role_with(allow("kms:*")).client("kms")
    assert answer(user, "encrypt", KeyId=key, Plaintext=b"x") == "ok"
    policy = document({"Effect": "Allow", "Principal": {"AWS": ADMINISTRATOR}, "Action": "kms:*", "Resource": "*"})
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy=policy)
    assert answer(user, "encrypt", KeyId=key, Plaintext=b"x") == "AccessDeniedException"


def test_tags_of_caller_and_resource_are_compared() -> None:
    secrets = shared_aws().connection.client("secretsmanager")
    own, other = (
        secrets.create_secret(Name=unique("secret"), SecretString="x", Tags=[{"Key": "team", "Value": team}])["ARN"]
        for team in ("a", "b")
    )
    condition = {"StringEquals": {"aws:ResourceTag/team": "a", "aws:RequestedRegion": "us-east-1"}}
    reader = role_with(allow("secretsmanager:GetSecretValue", Condition=condition)).client("secretsmanager")
    assert answer(reader, "get_secret_value", SecretId=own) == "ok"
    assert answer(reader, "get_secret_value", SecretId=other) == "AccessDeniedException"


def test_unknown_condition_operator_denies_in_services_format(bucket: str) -> None:
    attach(bucket, Principal="*", Condition={"StringMatches": {"aws:username": "ada"}})
    reader = role_with(allow("s3:*")).client("s3")
    assert answer(reader, "get_object", Bucket=bucket, Key="home/ada") == "AccessDenied"
