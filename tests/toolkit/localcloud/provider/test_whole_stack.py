"""The Pulumi program of every stack, each of its resources created in an embedded AWS."""

import collections
from pathlib import Path

import pytest

from tests.support.whole_program import STACKS, copy_program
from toolkit.localcloud.aws import EmbeddedAws
from toolkit.localcloud.embedded_client import call_embedded_route
from toolkit.localcloud.provider import AwsProvider
from toolkit.resource_types.dynamodb import TABLE
from toolkit.stacks import ResourceGraph, evaluate, load_stack_config, reveal


def types(graph: ResourceGraph) -> collections.Counter[str]:
    return collections.Counter(resource.type for resource in graph.resources)


@pytest.mark.parametrize("stack", STACKS)
def test_every_resource_of_the_stack_is_created_and_read(stack: str, tmp_path: Path) -> None:
    code = copy_program(tmp_path, stack)
    with EmbeddedAws(account_id=STACKS[stack], region=load_stack_config(stack, tmp_path)["aws:region"]) as aws:
        provider = AwsProvider(aws.connection, STACKS[stack], tmp_path)
        graph = evaluate(stack, root=tmp_path, provider=provider, dry_run=False)
        assert types(graph) == types(evaluate(stack, root=tmp_path))
        for resource in graph.resources:
            if resource.custom:
                outputs = reveal(dict(resource.outputs))
                assert provider.read(resource.type, resource.id, outputs) is not None, resource.urn

        outputs = graph.outputs
        tables = {resource.name: resource.id for resource in graph.of_type(TABLE)}
        assert tables == {"items-table": outputs["items_table"], "sessions-table": outputs["sessions_table"]}
        name = graph.outputs["function_name"]
        alias = aws.connection.client("lambda").get_alias(FunctionName=name, Name=graph.outputs["function_alias"])
        assert call_embedded_route(aws.connection, f"functions/{name}/{alias['FunctionVersion']}/code").content == code
