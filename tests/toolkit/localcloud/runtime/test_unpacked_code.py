"""The unpacked code of a version is what was deployed; unchanged files are shared with the earlier version."""

from pathlib import Path

from tests.support.functions import DeployedFunction, deploy
from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.runtime.function import FunctionCatalog, FunctionReference, FunctionVersion
from toolkit.localcloud.runtime.unpacked_code import UnpackedCode


def live_version(function: DeployedFunction) -> FunctionVersion:
    catalog = FunctionCatalog(function.connection)
    ((version, _),) = catalog.deployment(FunctionReference.parse(function.live)).versions
    return version


def test_new_version_hard_links_only_unchanged_files(cloud: AwsConnection, tmp_path: Path) -> None:
    function = deploy(cloud, "old = 1", modules={"stays": "kept = 1", "changes": "size = 1", "goes": "gone = 1"})
    code = UnpackedCode(cloud, tmp_path)
    old = code.folder(live_version(function))
    function.publish("new = 1", stays="kept = 1", changes="size = 2", comes="come = 1")
    new = code.folder(live_version(function))
    assert {path.name: path.read_text() for path in new.iterdir()} == {
        "main.py": "new = 1",
        "stays.py": "kept = 1",
        "changes.py": "size = 2",
        "comes.py": "come = 1",
    }
    assert [path.name for path in sorted(new.iterdir()) if path.stat().st_nlink == 2] == ["stays.py"]
    assert (old / "main.py").read_text() == "old = 1"


def test_file_changed_on_disk_is_unpacked_again(cloud: AwsConnection, tmp_path: Path) -> None:
    function = deploy(cloud, "old = 1", modules={"stays": "kept = 1"})
    code = UnpackedCode(cloud, tmp_path)
    altered = code.folder(live_version(function)) / "stays.py"
    altered.unlink()
    altered.write_text("kept = 2")
    altered.chmod(0o444)
    function.publish("new = 1", stays="kept = 1")
    assert (code.folder(live_version(function)) / "stays.py").read_text() == "kept = 1"


def test_zip_name_outside_the_folder_is_unpacked_inside_without_links(cloud: AwsConnection, tmp_path: Path) -> None:
    outside = tmp_path / "code" / "outside.py"
    outside.parent.mkdir()
    outside.write_text("x = 1")
    outside.chmod(0o444)
    function = deploy(cloud, "", modules={"../outside": "x = 1"})
    code = UnpackedCode(cloud, tmp_path)
    for source in ("old = 1", "new = 1"):
        function.publish(source, **{"../outside": "x = 1"})
        assert (code.folder(live_version(function)) / "outside.py").stat().st_nlink == 1
