"""What the toolkit reads of a stack's settings, as typed values; the program validates the rest.

The class in `[tool.toolkit] settings` declares the same settings for the program. A test compares the two.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    StrictBool,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from toolkit.stacks.errors import FileError, StackFileError, sentence, sentences
from toolkit.stacks.json_documents import parse_json
from toolkit.stacks.stack_files import Project, load_project, load_stack_config, secret_names

Environment = Literal["local", "dev", "review", "staging", "prod"]
ENVIRONMENTS: tuple[Environment, ...] = get_args(Environment)


@dataclass(frozen=True)
class TextPattern:
    """Text that matches a pattern; `description` is the error for any other text."""

    pattern: str
    description: str

    def check(self, value: str) -> str:
        """Return the value. Raise ValueError where it does not match."""
        if not re.fullmatch(self.pattern, value, re.ASCII):
            raise ValueError(self.description)
        return value

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, *_: object) -> JsonSchemaValue:
        return {"type": "string", "pattern": f"^(?:{self.pattern})$"}


_ACCOUNT = "[0-9]{12}"


def _account_id(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(_ACCOUNT, value):
        raise ValueError('an AWS account id is twelve digits in quotes, such as "123456789012"')
    return value


AccountId = Annotated[str, BeforeValidator(_account_id), WithJsonSchema({"type": "string", "pattern": f"^{_ACCOUNT}$"})]
# Regions of the partition aws, to which the ARNs of the program belong.
Region = Annotated[
    str,
    TextPattern(
        "(?:af|ap|ca|eu|il|me|mx|sa|us)-(?:central|east|west|(?:north|south)(?:east|west)?)-[1-9]",
        "this is not an AWS region such as eu-central-1; regions of China and of governments are not supported",
    ),
]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=lambda name: name.replace("_", "-"))


class FunctionSettings(_Settings):
    """What the Lambda package is built for."""

    runtime: str | None = None
    architecture: str | None = None


class ApiSettings(_Settings):
    """What the smoke test expects of the API."""

    cors_origins: tuple[str, ...] = ()
    docs_enabled: bool | None = None


class RepositorySettings(_Settings):
    """The GitHub repository that an account trusts, by names and by ids."""

    owner: str
    owner_id: int
    name: str
    id: int


class StackSettings(_Settings):
    """The settings of a stack that the toolkit reads."""

    environment: str | None = None
    account_id: AccountId | None = None
    permissions_boundary: str | None = None
    expires_on: date | None = None
    function: FunctionSettings = FunctionSettings()
    api: ApiSettings = ApiSettings()

    @classmethod
    def lenient(cls, written: object) -> Self:
        """Return the settings in a configuration value, as JSON or as a mapping; an invalid setting counts as absent.

        The program reports what is invalid.
        """
        try:
            found = parse_json(written, "settings") if isinstance(written, str) else written
        except FileError:
            return cls()
        known: dict[str, Any] = dict(found) if isinstance(found, Mapping) else {}
        try:
            return cls.model_validate(known)
        except ValidationError as error:
            invalid = {mistake["loc"][0] for mistake in error.errors(include_url=False) if mistake["loc"]}
            return cls.model_validate({name: value for name, value in known.items() if name not in invalid})


class AccountSettings(StackSettings):
    """The settings of an account's bootstrap stack that the toolkit reads."""

    stacks: tuple[str, ...] = ()
    reviews: StrictBool = False
    previews_read_secrets: StrictBool = False
    repository: RepositorySettings | None = None
    branch: str = "main"


_REGION: TypeAdapter[str] = TypeAdapter(Region)
_S = TypeVar("_S", bound=StackSettings)


@dataclass(frozen=True)
class StackFile:
    """A stack's file: the configuration by full key, and the settings in it."""

    stack: str
    project: str
    config: Mapping[str, Any]
    settings: StackSettings
    secrets: tuple[str, ...] = ()
    """The names of the stack's secrets."""

    @property
    def region(self) -> str:
        """The AWS region. Raises StackFileError where there is none or it is not a region."""
        file, region = f"Pulumi.{self.stack}.yaml", self.config.get("aws:region")
        if not region:
            raise StackFileError(f"{file} has no aws:region: write the stack's region there.")
        try:
            return _REGION.validate_python(region)
        except ValidationError as error:
            raise StackFileError(sentences(file, error, key="aws:region")[0]) from None

    @property
    def account_id(self) -> str:
        """The account that the stack may be deployed to. Raises StackFileError without one."""
        if self.settings.account_id is None:
            raise StackFileError(f"Pulumi.{self.stack}.yaml has no account-id in {self.project}:settings: write it.")
        return self.settings.account_id


def load_stack_file(stack: str, root: Path) -> StackFile:
    """Read a stack's file. Raises StackFileError where it has no settings, or a setting that cannot be used."""
    project, config, key = _read(stack, root)
    settings = _validated(StackSettings, stack, key, config.get(key))
    return StackFile(stack, project.name, config, settings, secret_names(project, config))


def load_account_settings(stack: str, root: Path) -> AccountSettings:
    """Read the settings of an account's bootstrap stack. Raises StackFileError."""
    _, config, key = _read(stack, root)
    return _validated(AccountSettings, stack, key, config.get(key))


def _read(stack: str, root: Path) -> tuple[Project, Mapping[str, Any], str]:
    project = load_project(root)
    return project, load_stack_config(stack, root, project), f"{project.name}:settings"


def _validated(model: type[_S], stack: str, key: str, written: object) -> _S:
    if not isinstance(written, Mapping):
        raise StackFileError(f"Pulumi.{stack}.yaml has no {key}: write the stack's settings there.")
    try:
        return model.model_validate(written)
    except ValidationError as error:
        raise StackFileError(sentence(f"Pulumi.{stack}.yaml", error)) from None
