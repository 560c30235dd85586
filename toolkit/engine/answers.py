"""The JSON documents of the Pulumi CLI, with the fields that the toolkit reads."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from typing_extensions import TypedDict  # Pydantic needs it before Python 3.12

from toolkit.engine import EngineError
from toolkit.stacks.errors import FileError, mistakes
from toolkit.stacks.json_documents import parse_json

Form = TypeVar("Form")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class LoggedIn(_Part):
    """`pulumi whoami --json`."""

    url: str


class Listed(_Part):
    """A stack of `pulumi stack ls --json`; its name may have an organization and a project before it."""

    name: str

    @property
    def stack(self) -> str:
        """The stack's own name."""
        return self.name.rpartition("/")[2]


class Plugin(_Part):
    """A plugin of `pulumi plugin ls --json`."""

    name: str
    kind: str
    version: str = ""


class Update(_Part):
    """An entry of `pulumi stack history --json`."""

    kind: str = ""
    result: str = ""
    environment: Mapping[str, str] = {}


class _Resource(_Part):
    urn: str
    type: str
    id: str = ""
    inputs: Mapping[str, Any] = {}
    outputs: Mapping[str, Any] = {}
    ignoreChanges: list[str] = []  # noqa: N815 - the engine's name, as in the classes below


class _Named(_Part):
    urn: str


class _Operation(_Part):
    type: str
    resource: _Named


class _Deployment(_Part):
    resources: list[_Resource] | None = None
    pending_operations: list[_Operation] | None = None


class _State(_Part):
    deployment: _Deployment


class _ResourceState(_Part):
    id: str | None = None
    inputs: Mapping[str, Any] | None = None
    outputs: Mapping[str, Any] | None = None
    parent: str | None = None
    protect: bool | None = None


class _Metadata(_Part):
    op: str
    urn: str
    type: str
    old: _ResourceState | None = None
    new: _ResourceState | None = None
    keys: list[str] | None = None
    diffs: list[str] | None = None
    detailedDiff: Mapping[str, Any] | None = None  # noqa: N815 - the engine's name


class _Step(_Part):
    metadata: _Metadata


class _Policy(_Part):
    policyName: str = ""  # noqa: N815 - the engine's name
    enforcementLevel: str = ""  # noqa: N815 - the engine's name
    severity: str = ""
    resourceUrn: str = ""  # noqa: N815 - the engine's name
    message: str = ""


class _Diagnostic(_Part):
    severity: str = ""
    urn: str = ""
    message: str = ""


class _Event(TypedDict, total=False):
    resourcePreEvent: _Step
    resOutputsEvent: _Step
    policyEvent: _Policy
    diagnosticEvent: _Diagnostic


class _Goal(_Part):
    outputDiff: Mapping[str, Any] | None = None  # noqa: N815 - the engine's name


class _Planned(_Part):
    goal: _Goal | None = None


class _Plan(_Part):
    resourcePlans: Mapping[str, _Planned]  # noqa: N815 - the engine's name


LOGGED_IN = TypeAdapter(LoggedIn)
STACKS = TypeAdapter(list[Listed])
PLUGINS = TypeAdapter(list[Plugin])
UPDATES = TypeAdapter(list[Update])
OUTPUTS = TypeAdapter(dict[str, Any])
STATE = TypeAdapter(_State)
EVENT = TypeAdapter(_Event)
PLAN = TypeAdapter(_Plan)


def read_answer(form: TypeAdapter[Form], text: str, name: str) -> tuple[Form, Any]:
    """Return the model and the document of a text. Raises EngineError, which calls the text `name`."""
    try:
        document = parse_json(text, name)
        return form.validate_python(document), document
    except FileError as error:
        raise EngineError(str(error)) from None
    except ValidationError as error:
        reason = mistakes(error, values=False)[0]
        raise EngineError(f"{name} has another form ({reason}); use the CLI of .pulumi.version.") from None
