import platform
import sys

import pytest

from toolkit.package import PackageError
from toolkit.package.target import BuildTarget
from toolkit.stacks.settings import FunctionSettings


def test_target_is_read_from_the_stacks_function() -> None:
    target = BuildTarget.of_function(FunctionSettings(runtime="python3.13", architecture="arm64"))
    assert (target.runtime, target.abi, target.platform) == ("python3.13", "cpython-313", "aarch64-manylinux_2_34")


def test_host_is_this_machine() -> None:
    target = BuildTarget.of_function(FunctionSettings(runtime="host", architecture="host"))
    assert target.minor == ".".join(platform.python_version_tuple()[:2])
    assert target.abi == sys.implementation.cache_tag
    assert target.platform == ""


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            {"runtime": "python3.7", "architecture": "arm64"},
            r"function\.runtime is 'python3\.7'; use python3\.12, python3\.13",
        ),
        ({"runtime": "python3.13", "architecture": "riscv"}, r"function\.architecture is 'riscv'; use arm64, x86_64"),
        ({"runtime": "host", "architecture": "arm64"}, r"function\.runtime is 'host'; .* host for both"),
        ({}, r"function\.runtime is None"),
    ],
)
def test_unknown_target_is_refused_with_what_is_accepted(settings: dict[str, str], words: str) -> None:
    with pytest.raises(PackageError, match=words):
        BuildTarget.of_function(FunctionSettings(**settings))


def test_machine_that_lambda_does_not_have_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "ppc64le")
    with pytest.raises(PackageError, match="This machine is ppc64le"):
        BuildTarget.host()
