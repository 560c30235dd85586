"""Each resource belongs to its own provider: an explicit one, its component's, or the default one of the stack."""

import json
from pathlib import Path

from tests.support.programs import write_program
from toolkit.stacks import ResourceGraph, evaluate
from toolkit.stacks.inputs import inputs_of
from toolkit.stacks.references import default_tags, provider_accounts, region_of

STACK_FILE = """
config:
  aws:region: eu-central-1
  aws:allowedAccountIds: ["222222222222"]
  aws:defaultTags: {tags: {owner: a-team}}
"""
PROGRAM = """
    import pulumi
    import pulumi_aws as aws

    east = aws.Provider("east", region="us-east-1", allowed_account_ids=["111111111111"])
    assumed = aws.Provider("assumed", region="eu-west-1", assume_roles=[
        aws.ProviderAssumeRoleArgs(role_arn="arn:aws:iam::444444444444:role/deploy")])

    class Site(pulumi.ComponentResource):
        def __init__(self, name, opts=None):
            super().__init__("sample:web:Site", name, None, opts)
            aws.sns.Topic(f"{name}-topic", opts=pulumi.ResourceOptions(parent=self))

    aws.sns.Topic("plain")
    aws.sns.Topic("own", region="ap-south-1")
    aws.sns.Topic("explicit", opts=pulumi.ResourceOptions(provider=east))
    aws.sns.Topic("assumed-topic", opts=pulumi.ResourceOptions(provider=assumed))
    Site("here")
    Site("listed", pulumi.ResourceOptions(providers=[east]))
    Site("mapped", pulumi.ResourceOptions(providers={"aws": east}))
    Site("single", pulumi.ResourceOptions(provider=east))
    bucket = aws.s3.Bucket("bucket", opts=pulumi.ResourceOptions(provider=east))
    aws.s3.BucketVersioning("child", bucket=bucket.id, versioning_configuration={"status": "Enabled"},
                            opts=pulumi.ResourceOptions(parent=bucket))
    pulumi.export("region", aws.get_region_output(opts=pulumi.InvokeOutputOptions(provider=east)).region)
    pulumi.export("account", aws.get_caller_identity(opts=pulumi.InvokeOptions(provider=assumed)).account_id)
"""


def evaluated(root: Path) -> ResourceGraph:
    return evaluate("dev", root=write_program(root, PROGRAM, stack_file=STACK_FILE))


def test_each_resource_is_in_its_providers_region(tmp_path: Path) -> None:
    graph = evaluated(tmp_path)
    east = {"explicit", "listed-topic", "mapped-topic", "single-topic", "bucket", "child"}

    regions = {inputs.resource.name: region_of(inputs) for inputs in inputs_of(graph).resources}
    assert {name for name, region in regions.items() if region == "us-east-1"} == east
    assert {name for name, region in regions.items() if region == "eu-central-1"} == {"plain", "here-topic"}
    assert (regions["own"], regions["assumed-topic"]) == ("ap-south-1", "eu-west-1")


def test_arns_follow_the_provider(tmp_path: Path) -> None:
    topics = {topic.name: topic.id.split(":")[3:5] for topic in evaluated(tmp_path).of_type("aws:sns/topic:Topic")}

    assert topics["plain"] == ["eu-central-1", "222222222222"]
    assert topics["own"] == ["ap-south-1", "222222222222"]
    assert topics["listed-topic"] == ["us-east-1", "111111111111"]
    assert topics["assumed-topic"] == ["eu-west-1", "444444444444"]


def test_function_call_has_the_result_of_its_provider(tmp_path: Path) -> None:
    assert evaluated(tmp_path).outputs == {"region": "us-east-1", "account": "444444444444"}


def test_default_provider_is_registered_as_by_the_engine(tmp_path: Path) -> None:
    graph = evaluated(tmp_path)
    (default,) = (one for one in graph.resources if one.name.startswith("default"))
    (plain,) = (inputs for inputs in inputs_of(graph).resources if inputs.resource.name == "plain")

    assert default.urn == "urn:pulumi:dev::sample::pulumi:providers:aws::default_7_51_1"
    assert default.inputs == {
        "region": "eu-central-1",
        "allowedAccountIds": json.dumps(["222222222222"]),
        "defaultTags": json.dumps({"tags": {"owner": "a-team"}}),
        "version": "7.51.1",
    }
    assert plain.resource.provider == f"{default.urn}::{default.id}"
    assert provider_accounts(plain) == ("222222222222",)
    assert default_tags(plain).text("owner") == "a-team"


def test_stack_with_explicit_providers_only_has_no_default_one(root: Path) -> None:
    graph = evaluate("prod", root=root)

    assert [one.name for one in graph.resources if one.name.startswith("default")] == []
