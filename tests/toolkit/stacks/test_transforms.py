"""Transforms change what a program registers, in the order of the engine; hooks do not run."""

from pathlib import Path

import pytest

from tests.support.programs import write_program
from toolkit.stacks import EvaluationError, reveal
from toolkit.stacks.evaluation import evaluate
from toolkit.stacks.graph import ResourceGraph

START = """
import pulumi
import pulumi_aws as aws

def adding(word):
    def transform(args):
        if not args.custom:
            return None
        props = {**args.props, "displayName": (args.props.get("displayName") or "") + word}
        return pulumi.ResourceTransformResult(props, args.opts)
    return transform

class Shelf(pulumi.ComponentResource):
    def __init__(self, opts=None):
        super().__init__("sample:data:Shelf", "shelf", None, opts)
        aws.sns.Topic("inner", opts=pulumi.ResourceOptions(parent=self, transforms=[adding("a"), adding("b")]))
"""


def evaluated(root: Path, program: str) -> ResourceGraph:
    (root / "program").mkdir()
    write_program(root, "")
    (root / "program" / "__main__.py").write_text(START + program)
    return evaluate("dev", root=root)


def topic(graph: ResourceGraph, name: str) -> dict[str, object]:
    """The inputs of the topic with this name."""
    (found,) = (one for one in graph.of_type("aws:sns/topic:Topic") if one.name == name)
    return dict(found.inputs)


def test_own_transforms_run_before_those_of_parents_and_of_the_stack(tmp_path: Path) -> None:
    program = """
pulumi.runtime.register_resource_transform(adding("e"))
class Outer(pulumi.ComponentResource):
    def __init__(self):
        super().__init__("sample:data:Outer", "outer", None, pulumi.ResourceOptions(transforms=[adding("d")]))
        Shelf(pulumi.ResourceOptions(parent=self, transforms=[adding("c")]))
Outer()
aws.sns.Topic("other")
"""
    graph = evaluated(tmp_path, program)

    assert topic(graph, "inner")["displayName"] == "abcde"
    assert topic(graph, "other")["displayName"] == "e"


@pytest.mark.parametrize("register", ["register_resource_transform", "register_stack_transform"])
def test_asynchronous_transform_reads_and_writes_outputs(tmp_path: Path, register: str) -> None:
    program = f"""
import asyncio
key = aws.kms.Key("key")
async def encrypt(args):
    await asyncio.sleep(0)
    if args.type_ == "aws:sns/topic:Topic":
        return pulumi.ResourceTransformResult({{**args.props, "kmsMasterKeyId": key.arn}}, args.opts)
pulumi.runtime.{register}(encrypt)
first = aws.sns.Topic("first", display_name=pulumi.Output.secret("red"))
aws.sns.Topic("second", display_name=first.name)
"""
    graph = evaluated(tmp_path, program)

    (key,) = graph.of_type("aws:kms/key:Key")
    first, second = graph.of_type("aws:sns/topic:Topic")
    assert first.inputs["kmsMasterKeyId"] == second.inputs["kmsMasterKeyId"] == key.outputs["arn"]
    assert (repr(first.inputs["displayName"]), reveal(first.inputs["displayName"])) == ("[secret]", "red")
    assert second.inputs["displayName"] == first.outputs["name"]
    assert second.property_dependencies == {"displayName": (first.urn,), "kmsMasterKeyId": (key.urn,)}
    assert second.depends_on == tuple(sorted((first.urn, key.urn)))


def test_transform_changes_options(tmp_path: Path) -> None:
    program = """
east = aws.Provider("east", region="us-east-1")
before = aws.sns.Topic("before")
def change(args):
    opts = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(
        protect=True, ignore_changes=["tags"], provider=east, depends_on=[before], aliases=[pulumi.Alias(name="old")],
        retain_on_delete=True))
    return pulumi.ResourceTransformResult(args.props, opts)
aws.sns.Topic("news", opts=pulumi.ResourceOptions(transforms=[change], ignore_changes=["name"]))
"""
    graph = evaluated(tmp_path, program)

    (east,) = (one for one in graph.resources if one.name == "east")
    before, news = graph.of_type("aws:sns/topic:Topic")
    assert (news.protect, news.retain_on_delete, news.aliases) == (True, True, ("old",))
    assert news.ignore_changes == ("name", "tags")
    assert news.provider == f"{east.urn}::{east.id}"
    assert news.depends_on == (before.urn,)
    assert news.outputs["arn"].startswith("arn:aws:sns:us-east-1:")


def test_transformation_of_the_sdk_itself_still_works(tmp_path: Path) -> None:
    program = """
def change(args):
    return pulumi.ResourceTransformationResult({**args.props, "display_name": "red"}, args.opts)
pulumi.runtime.register_stack_transformation(change)
aws.sns.Topic("first")
aws.sns.Topic("second", opts=pulumi.ResourceOptions(transformations=[change]))
"""
    graph = evaluated(tmp_path, program)

    assert [topic(graph, name)["displayName"] for name in ("first", "second")] == ["red", "red"]


def test_transform_of_function_calls_is_applied(tmp_path: Path) -> None:
    program = """
def elsewhere(args):
    return pulumi.InvokeTransformResult({**args.args, "region": "us-east-1"}, args.opts)
pulumi.runtime.register_invoke_transform(elsewhere)
pulumi.export("region", aws.get_region_output().region)
pulumi.export("at-once", aws.get_region().region)
"""
    assert evaluated(tmp_path, program).outputs == {"region": "us-east-1", "at-once": "us-east-1"}


def test_hooks_do_not_run(tmp_path: Path) -> None:
    program = """
def fail(args): raise ValueError("a hook ran")
hook = pulumi.ResourceHook("hook", fail, pulumi.ResourceHookOptions(on_dry_run=True))
error = pulumi.ErrorHook("error", fail)
binding = pulumi.ResourceHookBinding(before_create=[fail, hook], after_create=[hook], before_delete=[hook],
                                     on_error=[error])
aws.sns.Topic("news", opts=pulumi.ResourceOptions(hooks=binding))
Shelf(pulumi.ResourceOptions(hooks=binding))
"""
    graph = evaluated(tmp_path, program)

    assert [one.name for one in graph.of_type("aws:sns/topic:Topic")] == ["news", "inner"]


def test_failing_transform_is_reported_in_one_sentence(tmp_path: Path) -> None:
    program = """
def fail(args): raise KeyError("colour")
aws.sns.Topic("news", opts=pulumi.ResourceOptions(transforms=[fail]))
"""
    with pytest.raises(EvaluationError, match=r"^news \(aws:sns/topic:Topic\): a transform failed with KeyError: "):
        evaluated(tmp_path, program)
