"""The bootstrap stack of each account: the number, access, encryption and protection of its resources."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
import yaml

from tests.support.accounts import ACCOUNTS, BOOTSTRAP, PREFIX, bootstrap_graph, named
from toolkit.localcloud.provider.registry import ENTRIES
from toolkit.policy.iam.evaluation import PolicyResult, evaluate_policies
from toolkit.resource_types.lookup import resource_type
from toolkit.stacks import EvaluationError, evaluate

COUNTS = {
    "pulumi:pulumi:Stack": 1,
    "pulumi:providers:aws": 1,
    "items-api:bootstrap:AccessLogs": 1,
    "items-api:bootstrap:Boundaries": 1,
    "items-api:bootstrap:CiRole": 3,
    "items-api:bootstrap:GitHub": 1,
    "items-api:bootstrap:PrivateBucket": 3,
    "items-api:bootstrap:SecretsKey": 1,
    "items-api:bootstrap:Trail": 1,
    "items-api:operations:AlertTopic": 1,
    "items-api:operations:MonthlyBudget": 1,
    "aws:budgets/budget:Budget": 1,
    "aws:cloudtrail/trail:Trail": 1,
    "aws:cloudwatch/logGroup:LogGroup": 1,
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": 1,
    "aws:iam/policy:Policy": 13,
    "aws:iam/role:Role": 4,
    "aws:iam/rolePolicy:RolePolicy": 1,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": 11,
    "aws:kms/alias:Alias": 3,
    "aws:kms/key:Key": 3,
    "aws:s3/bucket:Bucket": 3,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": 3,
    "aws:s3/bucketLogging:BucketLogging": 2,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": 3,
    "aws:s3/bucketPolicy:BucketPolicy": 3,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": 3,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": 3,
    "aws:s3/bucketVersioning:BucketVersioning": 3,
    "aws:sns/topic:Topic": 1,
    "aws:sns/topicPolicy:TopicPolicy": 1,
    "aws:sns/topicSubscription:TopicSubscription": 1,
}
PROTECTED = {
    *("secrets-key", "secrets-alias", "state-bucket", "logs-bucket", "trail-bucket", "trail-key", "trail-trail"),
    *("boundary-ci", "boundary-workload", f"{PREFIX}-alerts-key"),
}
BUCKETS = ("state", "logs", "trail")
accounts = pytest.mark.parametrize("account", ACCOUNTS)


@accounts
def test_bootstrap_stack_has_expected_number_of_each_type(account: str) -> None:
    assert Counter(resource.type for resource in bootstrap_graph(account).resources) == COUNTS


def test_every_bootstrap_type_has_preview_outputs_and_a_local_provider() -> None:
    types = {resource.type for resource in bootstrap_graph("prod").resources if resource.type.startswith("aws:")}

    assert {type for type in types if resource_type(type).preview is None} == set()
    assert types - ENTRIES.keys() == set()


@accounts
def test_bootstrap_provider_allows_only_account_of_stack(account: str) -> None:
    main = yaml.safe_load((BOOTSTRAP.parents[1] / f"Pulumi.{account}.yaml").read_text())["config"]

    assert json.loads(named(bootstrap_graph(account), "aws").inputs["allowedAccountIds"]) == [ACCOUNTS[account]]
    assert main["items-api:settings"]["account-id"] == ACCOUNTS[account]


@accounts
def test_bootstrap_resources_with_data_are_protected(account: str) -> None:
    assert {resource.name for resource in bootstrap_graph(account).resources if resource.protect} == PROTECTED


@accounts
def test_every_bootstrap_resource_uses_provider_with_default_tags(account: str) -> None:
    provider = named(bootstrap_graph(account), "aws")

    assert json.loads(provider.inputs["defaultTags"])["tags"].keys() == {"project", "stack", "owner", "cost-center"}
    for resource in bootstrap_graph(account).resources:
        if resource.type.startswith("aws:"):
            assert resource.provider == f"{provider.urn}::{provider.id}", resource.name


@pytest.mark.parametrize("use", BUCKETS)
def test_bucket_is_private_versioned_and_denies_http(use: str) -> None:
    graph = bootstrap_graph("prod")
    name = f"{PREFIX}-{use}-{ACCOUNTS['prod']}"
    blocked = {
        key: value for key, value in named(graph, f"{use}-public-access-block").inputs.items() if key != "bucket"
    }
    policy = named(graph, f"{use}-policy").inputs["policy"]

    assert named(graph, f"{use}-bucket").inputs["bucket"] == name
    assert blocked == dict.fromkeys(blocked, True)
    assert len(blocked) == 4
    assert named(graph, f"{use}-ownership").inputs["rule"] == {"objectOwnership": "BucketOwnerEnforced"}
    assert named(graph, f"{use}-versioning").inputs["versioningConfiguration"] == {"status": "Enabled"}
    for resource in (f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/x"):
        assert (
            evaluate_policies([policy], "s3:GetObject", resource, {"aws:securetransport": "false"})
            is PolicyResult.DENIED
        )
        assert (
            evaluate_policies([policy], "s3:GetObject", resource, {"aws:securetransport": "true"})
            is PolicyResult.SILENT
        )


@pytest.mark.parametrize(("use", "key", "bucket_key"), [("state", "secrets-key", True), ("trail", "trail-key", False)])
def test_state_and_trail_buckets_have_own_key_and_access_logs(use: str, key: str, bucket_key: bool) -> None:
    graph = bootstrap_graph("prod")
    (rule,) = named(graph, f"{use}-encryption").inputs["rules"]
    encryption = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": named(graph, key).outputs["arn"]}

    assert rule == {"applyServerSideEncryptionByDefault": encryption, "bucketKeyEnabled": bucket_key}
    assert named(graph, f"{use}-logging").inputs["targetBucket"] == named(graph, "logs-bucket").outputs["bucket"]


@pytest.mark.parametrize(("use", "days", "expires"), [("state", 90, None), ("logs", 30, 365), ("trail", 365, 3650)])
def test_old_object_versions_expire(use: str, days: int, expires: int | None) -> None:
    (rule,) = named(bootstrap_graph("prod"), f"{use}-lifecycle").inputs["rules"]

    assert rule["status"] == "Enabled"
    assert rule["noncurrentVersionExpiration"] == {"noncurrentDays": days}
    assert rule["expiration"] == ({"days": expires} if expires else {"expiredObjectDeleteMarker": True})


def test_every_bootstrap_key_is_rotated() -> None:
    assert [key.inputs["enableKeyRotation"] for key in bootstrap_graph("prod").of_type("aws:kms/key:Key")] == [True] * 3


def test_trail_is_multi_region_with_log_file_validation() -> None:
    graph = bootstrap_graph("prod")
    trail, group = named(graph, "trail-trail"), named(graph, "trail-logs")

    assert trail.inputs["isMultiRegionTrail"] is True
    assert trail.inputs["includeGlobalServiceEvents"] is True
    assert trail.inputs["enableLogFileValidation"] is True
    assert trail.inputs["kmsKeyId"] == group.inputs["kmsKeyId"] == named(graph, "trail-key").outputs["arn"]
    assert trail.inputs["cloudWatchLogsGroupArn"] == f"{group.outputs['arn']}:*"
    assert group.inputs["retentionInDays"] == 365


def test_policies_name_the_created_trail() -> None:
    graph = bootstrap_graph("prod")
    arn = named(graph, "trail-trail").outputs["arn"]
    source = {"aws:sourcearn": arn, "s3:x-amz-acl": "bucket-owner-full-control", "aws:securetransport": "true"}
    bucket = named(graph, "trail-policy").inputs["policy"]
    log = f"arn:aws:s3:::{named(graph, 'trail-bucket').inputs['bucket']}/AWSLogs/{ACCOUNTS['prod']}/x"
    group = f"{named(graph, 'trail-logs').outputs['arn']}:log-stream:{ACCOUNTS['prod']}_CloudTrail_eu-central-1_2"

    assert evaluate_policies([bucket], "s3:PutObject", log, source) is PolicyResult.ALLOWED
    assert (
        evaluate_policies([bucket], "s3:PutObject", log, {**source, "aws:sourcearn": f"{arn}-2"}) is PolicyResult.SILENT
    )
    assert (
        evaluate_policies([named(graph, "trail-permissions").inputs["policy"]], "logs:PutLogEvents", group, {})
        is PolicyResult.ALLOWED
    )


@accounts
def test_bootstrap_outputs_are_those_read_by_pipeline(account: str) -> None:
    number = ACCOUNTS[account]
    roles = {f"{name.replace('-', '_')}_role": name for name in ("preview", "plan", f"deploy-{account}")}

    assert bootstrap_graph(account).outputs == {
        "state": f"s3://{PREFIX}-state-{number}?region=eu-central-1",
        "secrets_provider": f"awskms://alias/{PREFIX}-secrets?region=eu-central-1&context_stack=",
        "permissions_boundary": f"{PREFIX}-workload",
        **{output: f"arn:aws:iam::{number}:role/{PREFIX}-{role}" for output, role in roles.items()},
    }


def test_account_of_two_stacks_has_one_deploy_role_each(tmp_path: Path) -> None:
    root = tmp_path / "infrastructure" / "bootstrap"
    shutil.copytree(BOOTSTRAP.parent, root.parent, ignore=shutil.ignore_patterns("__pycache__"))
    file = root / "Pulumi.dev.yaml"
    file.write_text(file.read_text().replace("stacks: [dev]", "stacks: [dev, review-7]"))
    roles = {role.inputs["name"] for role in evaluate("dev", root=root).of_type("aws:iam/role:Role")}

    assert roles == {f"{PREFIX}-{name}" for name in ("preview", "plan", "deploy-dev", "deploy-review-7", "trail")}


def test_program_has_at_most_15_lines() -> None:
    assert len((BOOTSTRAP / "__main__.py").read_text().splitlines()) <= 15


def test_bootstrap_stack_without_file_is_rejected_with_one_sentence() -> None:
    with pytest.raises(
        EvaluationError, match=r"^There is no stack 'local': the stacks are dev, prod, review, staging\.$"
    ):
        evaluate("local", root=BOOTSTRAP)
