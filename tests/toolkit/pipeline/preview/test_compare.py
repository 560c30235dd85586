import json
from pathlib import Path
from typing import Any

import pulumi
import pytest

from tests.support.graphs import graph, resource
from toolkit.pipeline.preview.compare import Side, changes
from toolkit.pipeline.preview.model import Property, ResourceChange
from toolkit.stacks import Resource, Secret

TABLE = "aws:dynamodb/table:Table"


def compared(before: list[Resource], after: list[Resource]) -> tuple[ResourceChange, ...]:
    return changes(Side(graph(*before), Path("/base")), Side(graph(*after), Path("/project")))


def moved(before: Any, after: Any, type: str = TABLE) -> ResourceChange:
    (change,) = compared([resource("t", type, inputs=before)], [resource("t", type, inputs=after)])
    return change


def test_unchanged_resource_is_no_change() -> None:
    assert compared([resource("t", inputs={"a": [1, {"b": 2}]})], [resource("t", inputs={"a": [1, {"b": 2}]})]) == ()


def test_added_resource_is_created_and_removed_one_deleted() -> None:
    changed = [(change.name, change.operation) for change in compared([resource("old")], [resource("new")])]
    assert changed == [("new", "create"), ("old", "delete")]


def test_changed_property_is_reported_by_path_with_both_values() -> None:
    change = moved({"ttl": {"enabled": True}}, {"ttl": {"enabled": False}})
    assert change.operation == "update"
    assert change.properties == (Property("ttl.enabled", "true", "false"),)


def test_property_that_forces_a_replacement_is_named() -> None:
    change = moved({"hashKey": "owner", "ttl": 1}, {"hashKey": "tenant", "ttl": 2})
    assert (change.operation, change.replaces_because) == ("replace", ("hashKey",))


def test_changed_region_of_resource_or_provider_replaces() -> None:
    assert moved({"region": "eu-central-1"}, {"region": "us-east-1"}).replaces_because == ("region",)
    home, away = ({"region": region} for region in ("eu-central-1", "us-east-1"))
    before, after = (resource("aws", "pulumi:providers:aws", inputs=inputs) for inputs in (home, away))
    table = resource("t", TABLE, provider=f"{before.urn}::id")
    found = {change.name: change.operation for change in compared([before, table], [after, table])}
    assert found == {"aws": "replace", "t": "replace"}
    assert compared([before, table], [before, resource("t", TABLE, provider=table.provider, inputs=home)]) == ()


def test_alias_keeps_the_identity_of_a_resource() -> None:
    old = resource("old")
    assert compared([old], [resource("new", aliases=(old.urn,))]) == ()
    assert compared([old], [resource("new", aliases=("old",))]) == ()


def test_removed_protection_is_an_update() -> None:
    (change,) = compared([resource("t", protect=True)], [resource("t")])
    assert change.properties == (Property("protect", "true", "false"),)


def test_text_of_a_secret_is_redacted_in_every_property() -> None:
    before = {"key": Secret("first-password"), "url": "https://x:first-password@db"}
    after = {"key": Secret("second-password"), "url": "https://x:second-password@db"}
    change = moved(before, after)
    assert [each.path for each in change.properties] == ["key", "url"]
    assert "password" not in str(change)
    assert change.properties[1].after == "https://x:[secret]@db"


def test_json_document_is_compared_by_content() -> None:
    document = {"Statement": [{"Action": "s3:GetObject", "Effect": "Allow"}]}
    same = resource("p", inputs={"policy": json.dumps(document, indent=3)})
    assert compared([resource("p", inputs={"policy": json.dumps(document)})], [same]) == ()
    other = {"Statement": [{"Action": "s3:*", "Effect": "Allow"}]}
    change = moved({"policy": json.dumps(document)}, {"policy": json.dumps(other)})
    assert change.properties == (Property("policy.Statement[0].Action", "s3:GetObject", "s3:*"),)


def test_folder_of_a_checkout_is_no_change() -> None:
    before = resource("f", inputs={"file": "/base/docs/a.json"})
    assert compared([before], [resource("f", inputs={"file": "/project/docs/a.json"})]) == ()


@pytest.mark.parametrize(("code", "expected"), [("built anew", ("code",)), ("of the base", ())])
def test_changed_source_changes_the_code(code: str, expected: tuple[str, ...]) -> None:
    def function(archive: pulumi.Archive, version: str) -> Resource:
        return resource("f", inputs={"code": archive, "sourceCodeHash": version, "env": f"v{version}"})

    found = changes(
        Side(graph(function(pulumi.AssetArchive({}), "0" * 12)), Path("/base"), "of the base"),
        Side(
            graph(function(pulumi.FileArchive("/project/f.zip"), "abcdef123456")),
            Path("/project"),
            code,
            "abcdef123456",
        ),
    )
    assert tuple(each.path for change in found for each in change.properties) == expected


def test_list_of_texts_is_one_value() -> None:
    change = moved({"origins": ["a", "b"]}, {"origins": ["b"]})
    assert change.properties == (Property("origins", "a, b", "b"),)


def test_long_value_is_truncated() -> None:
    assert len(moved({"a": "x" * 999}, {"a": "y"}).properties[0].before) == 160
