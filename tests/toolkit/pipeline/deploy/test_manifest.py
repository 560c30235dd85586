"""A plan is bound to all that it was made from, and says what moved."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from toolkit.pipeline.deploy.manifest import BadPlanError, Manifest, commit_of, read_manifest, state_digest
from toolkit.stacks.errors import RefusedError

MANIFEST = Manifest(
    stack="dev",
    created="2026-11-21T00:00:00+00:00",
    commit="a" * 40,
    config_sha256="b" * 64,
    package_sha256="c" * 64,
    state_sha256="d" * 64,
    sources_sha256="9" * 64,
    plan_sha256="e" * 64,
    operations={"urn:pulumi:dev::items-api::T::it": "update"},
    changes=True,
)


def test_written_manifest_is_read_unchanged(tmp_path: Path) -> None:
    MANIFEST.write(tmp_path)
    assert read_manifest(tmp_path, "dev") == MANIFEST


@pytest.mark.parametrize("part", ["commit", "config_sha256", "package_sha256", "state_sha256", "sources_sha256"])
def test_changed_input_is_reported_with_both_values(part: str) -> None:
    (sentence,) = MANIFEST.changed_inputs({part: "f" * 64})
    assert f"moved from {getattr(MANIFEST, part)[:12]} to ffffffffffff" in sentence


def test_unchanged_input_is_not_reported() -> None:
    assert list(MANIFEST.changed_inputs({"commit": MANIFEST.commit, "state_sha256": MANIFEST.state_sha256})) == []


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"stack": "dev"}', "\xff"])
def test_malformed_manifest_is_refused_with_the_fix(content: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(BadPlanError, match=r"\./stack plan dev"):
        read_manifest(tmp_path, "dev")


def test_folder_without_a_plan_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(BadPlanError, match=str(tmp_path)):
        read_manifest(tmp_path, "dev")


def test_plan_of_another_stack_is_refused(tmp_path: Path) -> None:
    replace(MANIFEST, stack="staging").write(tmp_path)
    with pytest.raises(BadPlanError, match="is for stack 'staging', not 'dev'"):
        read_manifest(tmp_path, "dev")


def state(**resource: Any) -> dict[str, Any]:
    """An exported state of one resource."""
    return {
        "version": 3,
        "deployment": {
            "manifest": {"time": "2026-11-21T00:00:00Z"},
            "resources": [{"urn": "urn:it", "modified": "2026-11-20T00:00:00Z", **resource}],
        },
    }


def test_state_digest_is_unchanged_after_an_update_without_changes() -> None:
    later = state(sourcePosition="project:///b.py#2", inputs={"key": {"ciphertext": "encrypted anew"}})
    later["deployment"]["manifest"]["time"] = "2026-11-21T12:00:00Z"
    before = state(sourcePosition="project:///a.py#1", inputs={"key": {"ciphertext": "encrypted"}})
    assert state_digest(before) == state_digest(later)


@pytest.mark.parametrize(
    "change", [{"modified": "2026-11-21T00:00:00Z"}, {"outputs": {"id": "2"}}, {"protect": True}, {"urn": "urn:other"}]
)
def test_state_digest_changes_with_a_resource(change: dict[str, Any]) -> None:
    assert state_digest(state()) != state_digest(state(**change))


def test_folder_without_a_commit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="in a clone with a commit"):
        commit_of(tmp_path)


def test_every_field_of_a_manifest_is_written(tmp_path: Path) -> None:
    MANIFEST.write(tmp_path)
    text = (tmp_path / "manifest.json").read_text()
    assert all(name in text for name in asdict(MANIFEST))
