"""Nested properties are checked against the types of the SDK."""

import subprocess
import sys

import pytest

from tests.support.stacks import DOMAIN, ORIGIN_KEY, ROOT, configured
from toolkit.localcloud.provider.nested import nested_mistakes
from toolkit.localcloud.provider.registry import ENTRIES
from toolkit.stacks import evaluate, reveal


@pytest.mark.parametrize("type", sorted(ENTRIES))
def test_every_entry_has_an_sdk_type(type: str) -> None:
    assert list(nested_mistakes(type, {})) == []


@pytest.mark.parametrize(
    ("type", "inputs", "path"),
    [
        ("aws:lambda/function:Function", {"environment": {"variable": {}}}, "environment.variable"),
        ("aws:lambda/function:Function", {"vpcConfig": {"subnetIds": []}}, "vpcConfig.securityGroupIds"),
        ("aws:s3/bucketVersioning:BucketVersioning", {"versioningConfiguration": {}}, "versioningConfiguration.status"),
        (
            "aws:cloudwatch/metricAlarm:MetricAlarm",
            {
                "metricQueries": [
                    {"id": "a"},
                    {"id": "b", "metric": {"metricName": "m", "period": 60, "stat": "Sum", "x": 1}},
                ]
            },
            "metricQueries[1].metric.x",
        ),
    ],
)
def test_unknown_or_missing_property_is_reported_with_its_path(type: str, inputs: dict[str, object], path: str) -> None:
    assert [mistake.path for mistake in nested_mistakes(type, inputs)] == [path]


def test_concurrent_first_checks_import_each_module_once() -> None:
    program = """
from concurrent.futures import ThreadPoolExecutor
from toolkit.localcloud.provider.nested import nested_mistakes
from toolkit.localcloud.provider.registry import ENTRIES
types = sorted(type for type in ENTRIES if type.startswith("aws:s3/"))
with ThreadPoolExecutor(len(types)) as threads:
    print(list(threads.map(lambda type: list(nested_mistakes(type, {})), types)))
"""
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_keys_of_a_map_are_not_checked() -> None:
    inputs = {"environment": {"variables": {"anything": "goes"}}}
    assert list(nested_mistakes("aws:lambda/function:Function", inputs)) == []


@pytest.mark.parametrize(
    ("stack", "groups"),
    [("local", {}), ("dev", {}), ("staging", {}), ("prod", {}), ("prod", {"domain": DOMAIN, "edge": {}})],
)
def test_stacks_have_no_unknown_nested_property(stack: str, groups: dict[str, object]) -> None:
    graph = evaluate(stack, root=ROOT, config={**configured(stack, **groups), ORIGIN_KEY: "k" * 32})
    resources = [resource for resource in graph.resources if resource.type.startswith("aws:")]
    found = [mistake for each in resources for mistake in nested_mistakes(each.type, reveal(dict(each.inputs)))]
    assert len(resources) > 50
    assert found == []
