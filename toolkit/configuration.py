"""What the toolkit loads of the service: the table `[tool.toolkit]` of pyproject.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from toolkit.stacks.errors import FileError, sentence

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: the folder that holds pyproject.toml and the stack files."""
FILE = ROOT / "pyproject.toml"


class _Table(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=lambda name: name.replace("_", "-"), populate_by_name=True
    )


class SeedUser(_Table):
    """A user whom every local stack has from the start."""

    name: str
    """The name for `./stack token`."""
    email: str
    full_name: str
    group: str | None = None


class PackageRules(_Table):
    """The content of the Lambda package."""

    sources: str
    """The folder with the code of the service."""
    requirements: str
    """The locked requirements of the function."""
    unneeded: tuple[str, ...] = ()
    """Patterns of paths in the installed dependencies that the function never imports."""
    aws_operations: Mapping[str, frozenset[str]] = {}
    """By service, operations of AWS that the function calls and that its source code does not name."""


class NewService(_Table):
    """What `./stack new service` leaves out of its copy; patterns of paths."""

    left_out: tuple[str, ...] = ()
    """Files that only this repository needs."""
    examples: tuple[str, ...] = ()
    """The features that `--empty` leaves out."""
    example_files: tuple[str, ...] = ()
    """The files that need them, besides their folders in `api`."""


class Configuration(_Table):
    """The names of what the toolkit loads; each `module:attribute` is imported when it is first needed."""

    settings: str
    """The pydantic model of a stack's settings."""
    local_settings: str = ""
    """The function that replaces the settings of another stack that cannot run on this machine."""
    policy_pack: str
    """The `Pack` with the rules, and with what the team decides about them."""
    secrets: str = ""
    """The description of each secret of every stack, by name: a mapping in a module that imports no other."""
    seed_users: tuple[SeedUser, ...] = ()
    """The users of a local stack."""
    example_request: str = ""
    """The arguments of curl for a first request to a local stack: the path, then options."""
    documents: Mapping[str, str]
    """The generated files of the service, each with the function that returns its text."""
    renamed_usage_keys: Mapping[str, str] = {}
    """The present name of each former key of a usage profile."""
    smoke_checks: str
    """A subclass of `SmokeChecks`: the checks of a deployed stack."""
    rehearsal_probes: str
    """The `Probes` that a rehearsal sends to the API."""
    rehearsal_baseline: str
    """The file with the outputs and the answers of the embedded AWS, which a rehearsal compares with."""
    openapi: str
    """The file of the OpenAPI document."""
    package: PackageRules
    new_service: NewService = NewService()
    settings_with_more_routes: str = ""
    """The function that returns the settings, by dotted key, with which a stack serves so many more routes."""
    settings_for_worst_month: str = ""
    """The function that returns the settings, by dotted key, with which the budget bounds a stack's worst month."""
    review_settings: Mapping[str, Mapping[str, Any]]
    """The settings of the stack of a pull request that differ from those of dev, by group."""

    @cached_property
    def folders(self) -> frozenset[str]:
        """The folders of this checkout with code that a stack is made of."""
        loaded = (self.settings, self.policy_pack, self.smoke_checks, self.rehearsal_probes)
        return frozenset({"toolkit", self.package.sources, *(name.partition(".")[0] for name in loaded)})


@cache
def configuration() -> Configuration:
    """Return the configuration of this checkout. Raises FileError, one sentence."""
    try:
        return Configuration.model_validate(tomllib.loads(FILE.read_text(encoding="utf-8"))["tool"]["toolkit"])
    except KeyError:
        raise FileError("pyproject.toml has no table [tool.toolkit]; it names what the toolkit loads.") from None
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise FileError(f"pyproject.toml cannot be read: {error}.") from None
    except ValidationError as error:
        raise FileError(sentence("pyproject.toml", error)) from None


def load(reference: str) -> Any:
    """Import what `module:attribute` names. Raises FileError where the module or the attribute is missing."""
    module, _, attribute = reference.partition(":")
    try:
        return getattr(import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise FileError(f"pyproject.toml: [tool.toolkit] names {reference}, which cannot be loaded: {error}.") from None
