import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import botocore
import pytest
from botocore.loaders import Loader
from botocore.session import Session

from tests.support.packages import OPERATIONS, botocore_data, unpack, write
from toolkit.configuration import configuration
from toolkit.package import PackageError
from toolkit.package.archive import digest
from toolkit.package.botocore_data import trim_botocore
from toolkit.package.interpreter import Interpreter, compile_tree
from toolkit.package.target import BuildTarget
from toolkit.package.trimming import trim

RULES = configuration().package


def names(tree: Path) -> set[str]:
    return {path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()}


def test_tests_stubs_commands_and_metadata_are_removed(tmp_path: Path) -> None:
    unpack(Path(), BuildTarget("3.13", "arm64"), tmp_path)
    trim(tmp_path, RULES, OPERATIONS)
    assert names(tmp_path) == {
        "greeting/__init__.py",
        "greeting/words.py",
        "greeting/fast.cpython-313-linux-gnu.so",
    }


def test_copy_of_pydantic_1_is_removed(tmp_path: Path) -> None:
    trim(
        write(tmp_path, {"pydantic/__init__.py": "", "pydantic/v1/main.py": "", "pydantic/version.py": ""}),
        RULES,
        OPERATIONS,
    )
    assert names(tmp_path) == {"pydantic/__init__.py", "pydantic/version.py"}


def test_c_sources_assistant_notes_and_unused_time_zones_are_removed(tmp_path: Path) -> None:
    files = ("a/b.c", "a/.agents/skills/a.md", "a/b.py", "dateutil/zoneinfo/dateutil-zoneinfo.tar.gz")
    trim(write(tmp_path, dict.fromkeys((*files, "dateutil/zoneinfo/__init__.py"), "")), RULES, OPERATIONS)
    assert names(tmp_path) == {"a/b.py", "dateutil/zoneinfo/__init__.py"}


def test_entry_points_that_are_read_at_run_time_are_kept(tmp_path: Path) -> None:
    info = "opentelemetry_api-1.45.2.dist-info"
    trim(
        write(
            tmp_path, {f"{info}/{name}": "" for name in ("METADATA", "RECORD", "entry_points.txt", "licenses/LICENSE")}
        ),
        RULES,
        OPERATIONS,
    )
    assert names(tmp_path) == {f"{info}/METADATA", f"{info}/entry_points.txt"}


@pytest.fixture(scope="module")
def trimmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = botocore_data(tmp_path_factory.mktemp("data"))
    trim_botocore(data, OPERATIONS)
    return data


def test_files_linked_by_the_installer_are_replaced_instead_of_changed(tmp_path: Path) -> None:
    cache, tree = tmp_path / "cache", tmp_path / "tree"
    botocore_data(cache / "botocore" / "data")
    write(cache, {"botocore/cacert.pem": Path(botocore.__file__).with_name("cacert.pem").read_bytes()})
    write(cache, {"greeting/__init__.py": "", "greeting-1.dist-info/METADATA": ""})
    before = {name: digest(cache / name) for name in names(cache)}
    shutil.copytree(cache, tree, copy_function=os.link)
    trim(tree, RULES, OPERATIONS)
    compile_tree(tree, Interpreter(Path(sys.executable), "", b""))
    assert {name: digest(cache / name) for name in names(cache)} == before


def session_on(data: Path) -> Session:
    session = Session()
    session.register_component(
        "data_loader", Loader(extra_search_paths=[str(data)], include_default_search_paths=False)
    )
    return session


def test_only_called_services_and_operations_are_kept(trimmed: Path) -> None:
    assert {path.name for path in trimmed.iterdir() if path.is_dir()} == set(OPERATIONS)
    for service, operations in OPERATIONS.items():
        (model,) = trimmed.glob(f"{service}/*/service-2.json")
        assert set(json.loads(model.read_text())["operations"]) == operations


@pytest.mark.parametrize("service", sorted(OPERATIONS))
def test_client_works_with_the_trimmed_description(trimmed: Path, service: str) -> None:
    session = session_on(trimmed)
    session.set_credentials("key", "secret")
    client = session.create_client(service, region_name="eu-central-1")
    assert client.meta.endpoint_url.endswith("eu-central-1.amazonaws.com")
    for operation in OPERATIONS[service]:
        model = client.meta.service_model.operation_model(operation)
        shapes = [model.input_shape, model.output_shape, *model.error_shapes]
        assert [shape.metadata for shape in shapes if shape is not None] != []


def test_presigned_urls_work_with_the_trimmed_description(trimmed: Path) -> None:
    session = session_on(trimmed)
    session.set_credentials("key", "secret")
    client: Any = session.create_client("s3", region_name="eu-central-1")
    assert client.generate_presigned_post("bucket", "key")["url"].startswith("https://bucket.s3.")
    assert "Signature" in client.generate_presigned_url("get_object", {"Bucket": "bucket", "Key": "key"})


def test_unknown_operation_is_reported_by_name(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"^botocore's dynamodb has no operation GetItems"):
        trim_botocore(botocore_data(tmp_path), {"dynamodb": frozenset({"GetItems"})})
