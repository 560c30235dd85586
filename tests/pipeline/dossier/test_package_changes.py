import json
from pathlib import Path

from pipeline.dossier.package_changes import BuiltPackage, Dependency, built_packages, dependency_changes
from tests.support.packages import write

BEFORE = (
    "boto3==1.2.3 \\\n    --hash=sha256:aa\n    # via x\nmangum==0.22 ; python_version < '4' \\\n    --hash=sha256:bb\n"
)


def test_hashes_and_comments_are_no_change() -> None:
    assert dependency_changes(BEFORE, BEFORE.replace("aa", "cc").replace("via x", "via y")) == ()


def test_added_removed_and_changed_dependencies_are_told_by_name() -> None:
    after = "Boto3==1.3.0 \\\n    --hash=sha256:aa\npydantic==2.14\n"
    assert dependency_changes(BEFORE, after) == (
        Dependency("boto3", "1.2.3", "1.3.0"),
        Dependency("mangum", "0.22", ""),
        Dependency("pydantic", "", "2.14"),
    )


def test_packages_are_read_from_their_records_and_damaged_ones_left_out(tmp_path: Path) -> None:
    record = {"sha256": "ab", "sizes": {"zipped": 1, "unpacked": 2}}
    write(tmp_path, {"build/dev/package.json": json.dumps(record), "build/prod/package.json": "{"})
    assert built_packages(tmp_path) == (BuiltPackage("dev", 1, 2, "ab"),)
