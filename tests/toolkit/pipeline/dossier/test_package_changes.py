import json
from importlib.metadata import version
from pathlib import Path

from tests.support.packages import write
from toolkit.package.build import BuildRequest, inputs_of
from toolkit.package.target import BuildTarget
from toolkit.pipeline.dossier.package_changes import BuiltPackage, Dependency, built_packages, dependency_changes

BEFORE = (
    "boto3==1.2.3 \\\n    --hash=sha256:aa\n    # via x\nmangum==0.22 ; python_version < '4' \\\n    --hash=sha256:bb\n"
)


def test_changed_hash_or_comment_is_no_change() -> None:
    assert dependency_changes(BEFORE, BEFORE.replace("aa", "cc").replace("via x", "via y")) == ()


def test_added_removed_and_changed_dependencies_are_listed() -> None:
    after = "Boto3==1.3.0 \\\n    --hash=sha256:aa\npydantic==2.14\n"
    assert dependency_changes(BEFORE, after) == (
        Dependency("boto3", "1.2.3", "1.3.0"),
        Dependency("mangum", "0.22", ""),
        Dependency("pydantic", "", "2.14"),
    )


NEW = """httpx==0.0.1
    # via shop (pyproject.toml)
h11==0.0.1
    # via
    #   httpcore
    #   httpx
httpcore==0.0.1
    # via httpx
"""


def test_new_dependency_is_first_with_its_transitive_ones() -> None:
    (first, *others) = dependency_changes("h11==0.0.1\n", f"{NEW}aaa==1\n")
    assert (first.name, first.direct, first.brings, first.known) == ("httpx", True, ("httpcore",), 1)
    assert [each.name for each in others] == ["aaa", "httpcore"]


def test_size_and_licence_need_the_installed_version() -> None:
    installed = version("httpx")
    (known,) = dependency_changes("", f"httpx=={installed}\n")
    assert known.licence == "BSD-3-Clause"
    assert known.size is not None
    assert known.size > 100_000
    (unknown,) = dependency_changes("", "httpx==0.0.1\n")
    assert (unknown.size, unknown.licence) == (None, "")


def checkout(folder: Path) -> BuildRequest:
    """A service with a stack whose package is built for this machine."""
    function = {"runtime": "host", "architecture": "host"}
    settings = {"config": {"items-api:settings": {"function": function}}}
    files = {"api/main.py": "x = 1\n", "requirements/lambda.txt": "", "Pulumi.dev.yaml": json.dumps(settings)}
    write(folder, {**files, "Pulumi.yaml": "name: items-api\nruntime: python\n"})
    return BuildRequest(folder, "dev", BuildTarget.host(), bytecode=False)


def test_package_of_other_files_is_not_built(tmp_path: Path) -> None:
    order = checkout(tmp_path)
    record = {
        "sha256": "ab",
        "inputs": inputs_of(order),
        "bytecode": False,
        "sizes": {"zipped": 1, "unpacked": 2},
    }
    write(tmp_path, {"build/dev/package.json": json.dumps(record), "build/prod/package.json": "{"})
    assert built_packages(tmp_path) == (BuiltPackage("dev", 1, 2, "ab"),)
    write(tmp_path, {"api/main.py": "x = 2\n"})
    assert built_packages(tmp_path) == ()
