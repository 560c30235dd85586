"""Functions of the AWS provider have results offline, in each form of the SDK."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.programs import write_program
from toolkit.resource_types.outputs.policy_document import policy_document
from toolkit.stacks import EvaluationError, evaluate

CONFIG = """
config:
  aws:region: {region}
  sample:settings: {{account-id: "333333333333"}}
  aws:defaultTags: {{tags: {{owner: a-team}}}}
"""


def outputs(root: Path, program: str, region: str = "eu-central-1") -> dict[str, Any]:
    text = f"import asyncio, json\nimport pulumi\nimport pulumi_aws as aws\n{program}\n"
    return dict(evaluate("dev", root=write_program(root, text, stack_file=CONFIG.format(region=region))).outputs)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("get_region{}().region", "eu-central-1"),
        ("get_region{}().description", "Europe (Frankfurt)"),
        ("get_region{}(region='us-east-1').endpoint", "ec2.us-east-1.amazonaws.com"),
        ("get_caller_identity{}().account_id", "333333333333"),
        ("get_caller_identity{}().arn", "arn:aws:sts::333333333333:assumed-role/deployment/evaluation"),
        ("get_partition{}().partition", "aws"),
        ("get_partition{}().dns_suffix", "amazonaws.com"),
        ("get_partition{}().reverse_dns_prefix", "com.amazonaws"),
        ("get_availability_zones{}(state='available').names", [f"eu-central-1{zone}" for zone in "abc"]),
        ("get_availability_zones{}().zone_ids", ["euc1-az1", "euc1-az2", "euc1-az3"]),
        ("get_availability_zones{}(exclude_names=['eu-central-1a']).zone_ids", ["euc1-az2", "euc1-az3"]),
        ("get_default_tags{}().tags", {"owner": "a-team"}),
        ("get_service_principal{}(service_name='s3').name", "s3.amazonaws.com"),
        ("get_arn{}(arn='arn:aws:rds:eu-west-1:123456789012:db:mysql-db').resource", "db:mysql-db"),
    ],
)
def test_function_has_a_plain_result_and_an_output(tmp_path: Path, call: str, expected: object) -> None:
    program = f"pulumi.export('now', aws.{call.format('')})\npulumi.export('later', aws.{call.format('_output')})"

    assert outputs(tmp_path, program) == {"now": expected, "later": expected}


def test_function_result_can_be_awaited(tmp_path: Path) -> None:
    program = """
async def main():
    return {"account": (await aws.get_caller_identity()).account_id}
pulumi.run(main)
"""
    assert outputs(tmp_path, program) == {"account": "333333333333"}


@pytest.mark.parametrize(
    ("region", "partition", "suffix", "zones"),
    [
        ("cn-north-1", "aws-cn", "amazonaws.com.cn", 3),
        ("us-gov-west-1", "aws-us-gov", "amazonaws.com", 3),
        ("us-east-1", "aws", "amazonaws.com", 6),
    ],
)
def test_results_follow_the_region(tmp_path: Path, region: str, partition: str, suffix: str, zones: int) -> None:
    program = """
pulumi.export("partition", aws.get_partition().partition)
pulumi.export("suffix", aws.get_partition().dns_suffix)
pulumi.export("zones", len(aws.get_availability_zones().names))
pulumi.export("arn", aws.sns.Topic("news").arn.apply(lambda arn: arn.split(":")[1]))
"""
    found = outputs(tmp_path, program, region)
    assert found == {"partition": partition, "suffix": suffix, "zones": zones, "arn": partition}


def test_unknown_region_is_rejected_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"^aws:index/getRegion:getRegion: AWS has no region 'eu-middle-1'$"):
        outputs(tmp_path, "aws.get_region(region='eu-middle-1')")


STATEMENT = {
    "sid": "Read",
    "actions": ["s3:GetObject", "s3:ListBucket", "s3:GetObject"],
    "notResources": ["arn:aws:s3:::a/&{aws:username}"],
    "principals": [
        {"type": "Service", "identifiers": ["lambda.amazonaws.com"]},
        {"type": "AWS", "identifiers": ["111111111111", "222222222222"]},
    ],
    "conditions": [
        {"test": "StringLike", "variable": "s3:prefix", "values": ["home/", "a<b"]},
        {"test": "Bool", "variable": "aws:SecureTransport", "values": ["true"]},
    ],
}


def test_policy_document_has_the_form_of_the_provider() -> None:
    made = policy_document({"policyId": "P", "statements": [STATEMENT, {"effect": "Deny", "notActions": ["sts:*"]}]})

    assert made["minifiedJson"] == (
        '{"Version":"2012-10-17","Id":"P","Statement":[{"Sid":"Read","Effect":"Allow",'
        '"Action":["s3:ListBucket","s3:GetObject"],"NotResource":"arn:aws:s3:::a/${aws:username}",'
        '"Principal":{"AWS":["222222222222","111111111111"],"Service":"lambda.amazonaws.com"},'
        '"Condition":{"Bool":{"aws:SecureTransport":"true"},"StringLike":{"s3:prefix":["home/","a\\u003cb"]}}},'
        '{"Effect":"Deny","NotAction":"sts:*"}]}'
    )
    assert json.loads(made["json"]) == json.loads(made["minifiedJson"])
    assert made["json"].startswith('{\n  "Version": "2012-10-17",\n  "Id": "P",\n  "Statement": [\n    {\n')


@pytest.mark.parametrize(
    ("principals", "key", "expected"),
    [
        ([{"type": "*", "identifiers": ["*"]}], "principals", "*"),
        ([{"type": "AWS", "identifiers": ["*"]}], "principals", {"AWS": "*"}),
        ([{"type": "AWS", "identifiers": ["111111111111"]}], "notPrincipals", {"AWS": "111111111111"}),
    ],
)
def test_wildcard_principals_keep_their_type(principals: Any, key: str, expected: Any) -> None:
    (statement,) = json.loads(policy_document({"statements": [{key: principals}]})["json"])["Statement"]

    assert statement[key[0].upper() + key[1:-1]] == expected


def test_sources_come_first_and_overrides_replace_by_sid() -> None:
    source = json.dumps({"Version": "2008-10-17", "Statement": {"Sid": "A", "Effect": "Allow", "Action": "s3:*"}})
    override = json.dumps({"Statement": [{"Sid": "A", "Effect": "Deny", "Action": "s3:*"}, {"Effect": "Deny"}]})
    own = [{"sid": "B", "actions": ["sqs:*"]}]
    made = policy_document(
        {"sourcePolicyDocuments": [source], "overridePolicyDocuments": [override], "statements": own}
    )

    document = json.loads(made["json"])
    assert document["Version"] == "2012-10-17"
    assert [(one.get("Sid"), one["Effect"]) for one in document["Statement"]] == [
        ("A", "Deny"),
        ("B", "Allow"),
        (None, "Deny"),
    ]


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ({"statements": [{"sid": "A"}, {"sid": "A"}]}, "two statements have the Sid A"),
        ({"sourcePolicyDocuments": ['{"Statement":[{"Sid":"A"},{"Sid":"A"}]}']}, "two statements have the Sid A"),
        ({"overridePolicyDocuments": ["[]"]}, r"overridePolicyDocuments\[0\] is not a JSON object"),
    ],
)
def test_invalid_policy_document_is_rejected(args: Any, sentence: str) -> None:
    with pytest.raises(LookupError, match=sentence):
        policy_document(args)


def test_policy_document_of_a_resource_is_known(tmp_path: Path) -> None:
    program = """
queue = aws.sqs.Queue("jobs")
document = aws.iam.get_policy_document_output(statements=[{"actions": ["sqs:SendMessage"], "resources": [queue.arn]}])
pulumi.export("known", document.json.apply(lambda text: json.loads(text)["Statement"][0]["Resource"]))
"""
    assert outputs(tmp_path, program)["known"].startswith("arn:aws:sqs:eu-central-1:333333333333:jobs-")
