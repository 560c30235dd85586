"""What cannot be evaluated is unknown and listed as a gap, never invented and never silent."""

import json
from pathlib import Path

import pytest

from tests.support.programs import write_program
from toolkit.stacks import EvaluationError, ResourceGraph, evaluate, read_graph
from toolkit.stacks.marks import UNKNOWN, unknown_paths
from toolkit.stacks.preview import as_json, print_tree


def evaluated(root: Path, program: str) -> ResourceGraph:
    return evaluate("dev", root=write_program(root, f"import pulumi\nimport pulumi_aws as aws\n{program}"))


REMOTE = """
class Vpc(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("awsx:ec2:Vpc", name, {"vpcId": None}, None, True)
aws.ec2.Subnet("subnet", vpc_id=Vpc("net").vpcId)
"""


def test_remote_component_is_a_gap(tmp_path: Path) -> None:
    graph = evaluated(tmp_path, REMOTE)

    (gap,) = graph.gaps
    assert str(gap) == "net (awsx:ec2:Vpc) is made by a plugin, whose resources are unknown here"
    assert graph[gap.urn].name == "net"
    assert graph.of_type("aws:ec2/subnet:Subnet")[0].inputs == {"vpcId": UNKNOWN}


@pytest.mark.parametrize(
    ("value", "subject"),
    [
        ("pulumi.StackReference('org/net/dev').get_output('id')", "org/net/dev (pulumi:pulumi:StackReference)"),
        ("pulumi.StackReference('org/net/dev').require_output('id')", "org/net/dev (pulumi:pulumi:StackReference)"),
        ("aws.sns.Topic.get('theirs', 'arn').arn", "theirs (aws:sns/topic:Topic)"),
        ("aws.ec2.get_ami_output(most_recent=True).id", "aws:ec2/getAmi:getAmi"),
        ("aws.ec2.get_ami(most_recent=True).id", "aws:ec2/getAmi:getAmi"),
        ("'ami ' + aws.ec2.get_ami(most_recent=True).id", "aws:ec2/getAmi:getAmi"),
        ("aws.ec2.get_subnets().ids[0]", "aws:ec2/getSubnets:getSubnets"),
        ("pulumi.runtime.call('aws:x:Thing/name', {})", "aws:x:Thing/name"),
    ],
)
def test_output_that_only_aws_can_compute_is_unknown(tmp_path: Path, value: str, subject: str) -> None:
    graph = evaluated(tmp_path, f"pulumi.export('value', {value})\naws.sns.Topic('news', display_name={value})")

    (topic,) = graph.of_type("aws:sns/topic:Topic")
    assert graph.outputs["value"] is UNKNOWN
    assert topic.inputs["displayName"] is UNKNOWN
    assert {gap.subject for gap in graph.gaps} == {subject}
    assert not any(gap.hides_resources for gap in graph.gaps)


def test_resource_that_the_program_only_reads_is_not_in_the_graph(tmp_path: Path) -> None:
    graph = evaluated(tmp_path, "pulumi.export('id', aws.sns.Topic.get('theirs', 'arn:of:theirs').id)")

    assert graph.of_type("aws:sns/topic:Topic") == ()
    assert graph.outputs == {"id": "arn:of:theirs"}


def test_outputs_of_a_type_without_a_record_are_unknown(tmp_path: Path) -> None:
    program = """
cluster = aws.memorydb.Cluster("cache", acl_name="open-access", node_type="db.t4g.small")
for name in ("id", "arn", "name", "shards", "engine_patch_version", "node_type"):
    pulumi.export(name, getattr(cluster, name))
pulumi.export("skipped", cluster.arn.apply(lambda arn: arn.split(":")))
"""
    outputs = dict(evaluated(tmp_path, program).outputs)

    assert outputs.pop("node_type") == "db.t4g.small"
    assert set(map(str, outputs.values())) == {"[unknown]"}


def test_unknown_inputs_make_the_outputs_of_a_recorded_type_unknown(tmp_path: Path) -> None:
    program = """
theirs = aws.ec2.get_vpc_output(default=True)
topic = aws.sns.Topic("news", name=theirs.id)
pulumi.export("arn", topic.arn)
pulumi.export("id", topic.id)
aws.sns.TopicSubscription("mail", topic=topic.arn, protocol="email", endpoint="a@example.com")
aws.sqs.Queue("jobs", tags={"vpc": theirs.id, "colour": "red"}, redrive_policy=pulumi.Output.secret(theirs.arn))
"""
    graph = evaluated(tmp_path, program)

    assert graph.outputs == {"arn": UNKNOWN, "id": UNKNOWN}
    (queue,) = graph.of_type("aws:sqs/queue:Queue")
    assert queue.inputs["tags"] == {"vpc": UNKNOWN, "colour": "red"}
    assert list(unknown_paths(queue.inputs)) == ["redrivePolicy", "tags.vpc"]
    assert repr(queue.inputs["redrivePolicy"]) == "[secret]"


def test_resource_of_a_dynamic_provider_is_registered(tmp_path: Path) -> None:
    program = """
from pulumi.dynamic import CreateResult, Resource, ResourceProvider
class Provider(ResourceProvider):
    def create(self, props): return CreateResult("1", props)
class Table(Resource):
    rows: pulumi.Output[int]
    def __init__(self, name): super().__init__(Provider(), name, {"rows": None})
pulumi.export("rows", Table("votes").rows)
"""
    graph = evaluated(tmp_path, program)

    assert [one.type for one in graph.resources[1:]] == ["pulumi-python:dynamic:Resource"]
    assert graph.outputs == {"rows": UNKNOWN}


def test_unknown_name_of_a_resource_fails_with_one_sentence(tmp_path: Path) -> None:
    sentence = r"^The name of a resource \(aws:sns/topic:Topic\) comes from a function that only AWS can answer\.$"
    with pytest.raises(EvaluationError, match=sentence):
        evaluated(tmp_path, "aws.sns.Topic('to-' + aws.ec2.get_vpc(default=True).id)")


def test_program_that_requires_an_unknown_result_fails_with_one_sentence(tmp_path: Path) -> None:
    sentence = (
        r"^The program of stack dev failed with ValueError: invalid literal .*\[unknown\].* \(program/__main__\.py, "
    )
    with pytest.raises(EvaluationError, match=sentence):
        evaluated(tmp_path, "int(aws.ec2.get_vpc(default=True).id)")


def test_asset_with_unknown_text_is_unknown(tmp_path: Path) -> None:
    program = """
text = aws.ec2.get_vpc(default=True).id
aws.s3.BucketObject("page", bucket="pages", source=pulumi.StringAsset(f"vpc: {text}"))
aws.s3.BucketObject("far", bucket="pages", source=pulumi.RemoteAsset("https://example.com/page"))
"""
    graph = evaluated(tmp_path, program)
    page, far = graph.of_type("aws:s3/bucketObject:BucketObject")

    assert page.inputs["source"] is UNKNOWN
    assert far.inputs["source"].uri == "https://example.com/page"
    assert "https://example.com/page" in as_json(graph, tmp_path)


def test_unknown_values_and_gaps_are_the_same_after_writing_and_reading(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    graph = evaluated(tmp_path, f"{REMOTE}pulumi.export('ami', aws.ec2.get_ami_output().id)")
    file = tmp_path / "graph.json"
    file.write_text(as_json(graph, tmp_path))
    print_tree(graph)

    read = read_graph(file)
    assert read.gaps == graph.gaps
    assert read.outputs == {"ami": UNKNOWN}
    assert read.of_type("aws:ec2/subnet:Subnet")[0].inputs == {"vpcId": UNKNOWN}
    assert "not evaluated: net (awsx:ec2:Vpc) is made by a plugin" in capsys.readouterr().out
    assert json.loads(file.read_text())["gaps"][1]["subject"] == "net (awsx:ec2:Vpc)"


def test_stacks_of_the_project_have_no_gaps(root: Path) -> None:
    for folder in (root, root / "infrastructure" / "bootstrap"):
        for stack in ("dev", "staging", "prod"):
            graph = evaluate(stack, root=folder)
            assert graph.gaps == ()
            values = (value for one in graph.resources for value in (one.inputs, one.outputs))
            assert [path for value in values for path in unknown_paths(value)] == []
