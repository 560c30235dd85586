"""The Python version and the machine that a package is built for."""

import platform
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from toolkit.package import PackageError
from toolkit.stacks.settings import FunctionSettings, load_stack_file

RUNTIMES = {"python3.12": "3.12", "python3.13": "3.13", "python3.14": "3.14"}
MACHINES = {"arm64": "arm64", "aarch64": "arm64", "x86_64": "x86_64", "amd64": "x86_64"}
GLIBC = (2, 34)
"""The C library of Amazon Linux 2023, on which Lambda runs Python 3.12 and newer (its release notes)."""
PLATFORMS = {"arm64": "aarch64-manylinux_2_34", "x86_64": "x86_64-manylinux_2_34"}


@dataclass(frozen=True)
class BuildTarget:
    """CPython `minor` (such as 3.13) on `architecture` (arm64, x86_64), under Lambda's Linux unless it is the host."""

    minor: str
    architecture: str
    is_host: bool = False

    @classmethod
    def host(cls) -> Self:
        """This interpreter on this machine."""
        machine = MACHINES.get(platform.machine().lower())
        if machine is None:
            raise PackageError(f"This machine is {platform.machine()}; a package can be built for arm64 or x86_64.")
        return cls(f"{sys.version_info.major}.{sys.version_info.minor}", machine, is_host=True)

    @classmethod
    def of_stack(cls, stack: str, root: Path) -> Self:
        """Return the target that the file of a stack names. Raises RefusedError."""
        return cls.of_function(load_stack_file(stack, root).settings.function)

    @classmethod
    def of_function(cls, settings: FunctionSettings) -> Self:
        """The target named by a stack's `function` settings: `runtime` and `architecture`."""
        runtime, architecture = settings.runtime, settings.architecture
        if runtime == architecture == "host":
            return cls.host()
        if runtime not in RUNTIMES:
            raise PackageError(
                f"function.runtime is {runtime!r}; use {', '.join(RUNTIMES)}, or host for both settings."
            )
        if architecture not in PLATFORMS:
            raise PackageError(
                f"function.architecture is {architecture!r}; use arm64, x86_64, or host for both settings."
            )
        return cls(RUNTIMES[runtime], architecture)

    @property
    def runtime(self) -> str:
        """The Lambda runtime's name."""
        return f"python{self.minor}"

    @property
    def abi(self) -> str:
        """The name of the C interface in an extension's file name, such as cpython-313."""
        return f"cpython-{self.minor.replace('.', '')}"

    @property
    def platform(self) -> str:
        """The platform as uv names it; the host has none, because uv looks for itself."""
        return "" if self.is_host else PLATFORMS[self.architecture]

    def __str__(self) -> str:
        where = f"this machine ({sys.platform})" if self.is_host else f"Linux with glibc {GLIBC[0]}.{GLIBC[1]}"
        return f"CPython {self.minor} on {self.architecture}, {where}"
