"""One package for every stack: only one that passed the smoke test of the previous stack is promoted."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.support.whole_program import ROOT
from toolkit.pipeline.deploy.promotion import place_package, promotable, record_deployed, record_smoke_test, released_to
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.settings import load_stack_file

CODE = b"code"
DIGEST = hashlib.sha256(CODE).hexdigest()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with the stacks' files and a package that was built for dev."""
    for file in ROOT.glob("Pulumi*.yaml"):
        (tmp_path / file.name).write_text(file.read_text())
    build(tmp_path, "dev")
    return tmp_path


def build(root: Path, stack: str, code: bytes = CODE, architecture: str = "arm64") -> None:
    folder = root / "build" / stack
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "function.zip").write_bytes(code)
    record = {
        "path": f"build/{stack}/function.zip",
        "sha256": hashlib.sha256(code).hexdigest(),
        "runtime": "python3.13",
        "architecture": architecture,
    }
    (folder / "package.json").write_text(json.dumps(record))


def test_first_stack_accepts_its_built_package(root: Path) -> None:
    assert promotable("dev", root) == DIGEST


def test_same_package_is_promoted_from_stack_to_stack(root: Path) -> None:
    for stack, following in (("dev", "staging"), ("staging", "prod")):
        record_deployed(root, DIGEST, stack)
        record_smoke_test(root, DIGEST, stack)
        place_package(load_stack_file(following, root), root)
        assert promotable(following, root) == DIGEST
        assert (root / "build" / following / "function.zip").read_bytes() == CODE
        record = json.loads((root / "build" / following / "package.json").read_text())
        assert record["path"] == f"build/{following}/function.zip"


def test_package_that_the_previous_stack_never_ran_is_refused(root: Path) -> None:
    place_package(load_stack_file("staging", root), root)
    with pytest.raises(RefusedError, match="was never deployed there; deploy it to dev"):
        promotable("staging", root)


def test_package_without_a_passed_smoke_test_is_refused(root: Path) -> None:
    record_deployed(root, DIGEST, "dev")
    place_package(load_stack_file("staging", root), root)
    with pytest.raises(RefusedError, match="was deployed there, but did not pass it"):
        promotable("staging", root)


def test_smoke_test_before_the_last_update_does_not_count(root: Path) -> None:
    record_deployed(root, DIGEST, "dev")
    record_smoke_test(root, DIGEST, "dev")
    record_deployed(root, DIGEST, "dev")
    place_package(load_stack_file("staging", root), root)
    with pytest.raises(RefusedError, match="was deployed there, but did not pass it"):
        promotable("staging", root)


def test_smoke_test_of_a_package_that_was_not_deployed_makes_no_release(root: Path) -> None:
    record_smoke_test(root, DIGEST, "dev")
    assert released_to(root, "dev") == []


def test_stack_accepts_a_package_that_passed_its_own_smoke_test(root: Path) -> None:
    build(root, "staging", b"code of before")
    digest = hashlib.sha256(b"code of before").hexdigest()
    record_deployed(root, digest, "staging")
    record_smoke_test(root, digest, "staging")
    place_package(load_stack_file("staging", root), root)
    assert promotable("staging", root) == digest


def test_stack_cannot_be_skipped(root: Path) -> None:
    record_deployed(root, DIGEST, "dev")
    record_smoke_test(root, DIGEST, "dev")
    place_package(load_stack_file("prod", root), root)
    with pytest.raises(RefusedError, match="prod takes only a package that passed the smoke test of staging"):
        promotable("prod", root)


@pytest.mark.parametrize("stack", ["dev", "staging"])
def test_package_that_differs_from_its_record_is_refused(stack: str, root: Path) -> None:
    record_deployed(root, DIGEST, "dev")
    record_smoke_test(root, DIGEST, "dev")
    (root / "build/dev/function.zip").write_bytes(b"other code")
    place_package(load_stack_file(stack, root), root)
    with pytest.raises(RefusedError, match="is not the package that was built"):
        promotable(stack, root)


def test_other_package_with_its_own_record_is_refused(root: Path) -> None:
    record_deployed(root, DIGEST, "dev")
    record_smoke_test(root, DIGEST, "dev")
    build(root, "dev", b"other code")
    place_package(load_stack_file("staging", root), root)
    with pytest.raises(RefusedError, match="was never deployed there"):
        promotable("staging", root)


def test_package_for_another_architecture_is_not_placed(root: Path) -> None:
    build(root, "dev", architecture="x86_64")
    with pytest.raises(
        RefusedError, match=r"staging wants python3\.13 on arm64, the package of dev is python3\.13 on x86"
    ):
        place_package(load_stack_file("staging", root), root)
    assert not (root / "build/staging").exists()


def test_release_record_of_another_package_is_refused(root: Path) -> None:
    record_deployed(root, DIGEST, "dev")
    place_package(load_stack_file("staging", root), root)
    (root / f"build/release/{DIGEST}.dev.json").write_text('{"digest": "another", "stack": "dev", "ran": "now"}')
    with pytest.raises(RefusedError, match="is not a release record"):
        promotable("staging", root)


def test_missing_package_is_refused_with_the_fix(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"\./stack package dev"):
        promotable("dev", tmp_path)


def test_released_packages_of_a_stack_are_listed(root: Path) -> None:
    record_deployed(root, DIGEST, "dev")
    assert released_to(root, "dev") == [DIGEST]
    assert released_to(root, "staging") == []
