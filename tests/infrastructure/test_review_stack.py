"""The stack of a pull request: without protection, isolated, and with an expiry date."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.stacks import ROOT, counts, settings_errors
from toolkit.stacks import EvaluationError, ResourceGraph, evaluate

Review = Callable[[str], ResourceGraph]
SETTINGS = {"environment": "review", "expires-on": "2027-01-31"}


@pytest.fixture
def review(tmp_path: Path) -> Review:
    """Evaluates a stack whose file is dev's with the settings of a review."""
    for name in ("infrastructure", "Pulumi.yaml"):
        copy: Any = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    document = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text())
    document["config"]["items-api:settings"] |= SETTINGS

    def evaluated(stack: str) -> ResourceGraph:
        (tmp_path / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump(document))
        return evaluate(stack, root=tmp_path)

    return evaluated


def test_review_stack_has_the_resources_of_dev_without_protection(review: Review) -> None:
    graph = review("review-7")

    assert counts(graph) == counts(evaluate("dev", root=ROOT))
    assert [resource.name for resource in graph.resources if resource.protect] == []
    assert all(bucket.inputs["forceDestroy"] for bucket in graph.of_type("aws:s3/bucket:Bucket"))
    assert not any(table.inputs["deletionProtectionEnabled"] for table in graph.of_type("aws:dynamodb/table:Table"))


def test_every_resource_of_a_review_stack_has_its_expiry_tag(review: Review) -> None:
    (provider,) = review("review-7").of_type("pulumi:providers:aws")
    tags = json.loads(provider.inputs["defaultTags"])["tags"]

    assert (tags["stack"], tags["expires-on"]) == ("review-7", "2027-01-31")


def test_two_review_stacks_share_no_name(review: Review) -> None:
    def names(graph: ResourceGraph) -> set[str]:
        given = ("name", "bucket", "dashboardName", "domain")
        kinds = ("LogGroup", "Alias", "Dashboard", "UserPoolDomain", "Budget", "MetricAlarm")
        return {
            str(resource.inputs[key])
            for resource in graph.resources
            for key in given
            if key in resource.inputs and resource.type.split(":")[-1] in kinds and resource.inputs[key] != "live"
        }

    first, second = names(review("review-7")), names(review("review-8"))

    assert len(first) >= 4
    assert first & second == set()


@pytest.mark.parametrize("stack", ["review", "review-0", "review-x", "dev2"])
def test_review_stack_with_another_name_is_rejected(review: Review, stack: str) -> None:
    with pytest.raises(EvaluationError, match=r"environment review is for stacks of pull requests, with a name"):
        review(stack)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"expires-on": None}, "F: review must set expires-on, the day from which the stack may be deleted"),
        ({"expires-on": "soon"}, "F: expires-on is 'soon': it should be a valid date"),
        (
            {"data": {}},
            "F: review must set data.deletion-protection to false: the stack is deleted with",
        ),
        (
            {"edge": {}, "domain": {"name": "a.example.com", "zone-id": "Z12345"}},
            "F: review must keep start-mode on-demand and",
        ),
        ({"environment": "dev"}, "F: dev must not set expires-on: only review stacks expire"),
    ],
)
def test_invalid_review_stack_is_rejected_with_one_sentence(settings: dict[str, Any], sentence: str) -> None:
    (error,) = settings_errors("dev", **{**SETTINGS, **settings})

    assert error.startswith(sentence)
