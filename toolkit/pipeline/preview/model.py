"""The preview of a stack, and the file build/preview/<stack>.json that holds it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from toolkit.pipeline.deploy.data_loss import DataLoss
from toolkit.pipeline.preview.grants import GrantMove
from toolkit.stacks.errors import FileError, RefusedError
from toolkit.stacks.files import write_file
from toolkit.stacks.json_documents import read_json

Operation = Literal["create", "update", "replace", "delete"]
Source = Literal["engine", "offline"]
Status = Literal["ok", "failed", "blocked"]


class PreviewError(RefusedError):
    """A preview cannot be made or read."""


@dataclass(frozen=True)
class Property:
    """One property that moves, by its path; the values are short texts in which no secret stands."""

    path: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class ResourceChange:
    """What happens to one resource; `replaces_because` names the properties that cannot change in place."""

    urn: str
    type: str
    name: str
    operation: Operation
    replaces_because: tuple[str, ...] = ()
    properties: tuple[Property, ...] = ()
    protected: bool = False
    """Whether the state protects it: the engine then refuses to delete or replace it."""

    @property
    def stops(self) -> bool:
        """Return whether the engine refuses the whole update because of it."""
        return self.protected and self.operation in ("delete", "replace")


@dataclass(frozen=True, order=True)
class Break:
    """What callers can no longer rely on: of which route, resource or document, and what it is."""

    where: str
    what: str


@dataclass(frozen=True)
class PolicyFinding:
    """A rule that does not hold at a resource; `level` is mandatory, advisory or remediate."""

    rule: str
    level: str
    severity: str
    urn: str
    message: str
    waiver: str = ""
    """Why and until when it is allowed; empty where it is not."""
    blocks: bool = False
    new: bool = True
    """Whether the base is without it."""


@dataclass(frozen=True)
class CostLine:
    """What one resource costs in a month of one thing, in USD, before and after."""

    name: str
    item: str
    before: float
    after: float
    formula: str
    worst_before: float | None = None
    worst_after: float | None = None
    """None where nothing bounds it."""
    worst_formula: str = ""


@dataclass(frozen=True)
class Cost:
    """A month in USD; a delta is None where the base could not be priced."""

    expected: float
    worst: float
    expected_delta: float | None = None
    worst_delta: float | None = None
    lines: tuple[CostLine, ...] = ()
    """What costs another sum than before."""
    unbounded: tuple[str, ...] = ()
    """What nothing in the stack bounds."""
    budget: float | None = None
    rise_limit: float | None = None
    """By what share of before a sum may rise without a review; None where every rise may."""
    budget_limit: float | None = None
    """What share of the budget the expected month may rise to without a review."""
    not_priced: tuple[str, ...] = ()
    """What may cost something on top, with the reason."""


@dataclass(frozen=True)
class Preview:
    """One stack: what changes, what the rules say, what it costs, or the sentence on why there is no answer."""

    stack: str
    source: Source
    status: Status
    project: str = ""
    commit: str = ""
    base: str = ""
    """The commit it is compared to; empty where that is the deployed state."""
    error: str = ""
    notes: tuple[str, ...] = ()
    """What is less certain than it looks."""
    changes: tuple[ResourceChange, ...] = ()
    data_losses: tuple[DataLoss, ...] = ()
    policies: tuple[PolicyFinding, ...] = ()
    cost: Cost | None = None
    permissions: tuple[GrantMove, ...] = ()
    breaking: tuple[Break, ...] = ()
    resolved: tuple[str, ...] = ()
    """Violations of the base that are gone: rule and resource."""
    is_new: bool = False
    """Whether the base has no such stack."""
    resources: int = 0
    graph: str = ""
    base_graph: str = ""


_PREVIEW = TypeAdapter(Preview)


def path_of(stack: str, folder: Path) -> Path:
    """Where the preview of a stack lies: bootstrap/dev becomes bootstrap.dev.json."""
    return folder / f"{stack.replace('/', '.')}.json"


def write(preview: Preview, folder: Path) -> Path:
    """Write the preview into the folder."""
    path = path_of(preview.stack, folder)
    write_file(path, as_json(preview))
    return path


def as_json(preview: Preview) -> str:
    """The preview for programs."""
    return json.dumps(asdict(preview), indent=2) + "\n"


def read(path: Path) -> Preview:
    """The preview in the file; PreviewError where it is damaged or something else."""
    try:
        return _PREVIEW.validate_python(read_json(path))
    except (FileError, ValidationError):
        raise PreviewError(f"{path} holds no preview; write it with `./stack changes STACK`.") from None
