"""The preview of a stack, and the file build/preview/<stack>.json that holds it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from toolkit.pipeline.deploy.data_loss import DataLoss
from toolkit.stacks.errors import FileError, RefusedError
from toolkit.stacks.files import write_file
from toolkit.stacks.json_documents import read_json

Operation = Literal["create", "update", "replace", "delete"]
Source = Literal["engine", "offline"]
Status = Literal["ok", "failed", "blocked"]
Sign = Literal["gains", "loses"]
BOUNDED = "more than its permissions boundary allows"
"""The action of the denied grant of a permissions boundary."""
SMALLEST_AMOUNT = 0.005
"""Smaller amounts than half a cent count as no change."""


class PreviewError(RefusedError):
    """A preview cannot be created or read; the message is one sentence."""


@dataclass(frozen=True)
class Property:
    """A changed property, by its path; the values are short texts without secrets."""

    path: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class ResourceChange:
    """The change of a resource; `replaces_because` names the properties that force a replacement."""

    urn: str
    type: str
    name: str
    operation: Operation
    replaces_because: tuple[str, ...] = ()
    properties: tuple[Property, ...] = ()
    protected: bool = False
    """Whether it is protected, so that the engine refuses to delete or replace it."""

    @property
    def stops(self) -> bool:
        """Return whether the engine refuses the whole update because of it."""
        return self.protected and self.operation in ("delete", "replace")


@dataclass(frozen=True, order=True)
class Break:
    """A breaking change: the route, resource or document, and its description."""

    where: str
    what: str


@dataclass(frozen=True, order=True)
class Grant:
    """An action on a resource that a principal has or is denied, or a principal that may assume a role."""

    role: str
    effect: str
    """`may`, `may not`, or `is assumed by`."""
    action: str
    resource: str
    condition: str = ""


@dataclass(frozen=True, order=True)
class GrantMove:
    """A grant that a change adds or removes; a removed prohibition is a gain."""

    sign: Sign
    grant: Grant


@dataclass(frozen=True)
class PolicyFinding:
    """A violation of a rule by a resource; `level` is mandatory, advisory or remediate."""

    rule: str
    level: str
    severity: str
    urn: str
    message: str
    waiver: str = ""
    """The reason and the end of its waiver; empty without one."""
    blocks: bool = False
    new: bool = True
    """Whether the base does not have it."""


@dataclass(frozen=True)
class CostLine:
    """The cost of one resource and item per month, in USD, before and after."""

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
    """The lines whose cost changes."""
    unbounded: tuple[str, ...] = ()
    """The lines without a bound in the stack."""
    budget: float | None = None
    rise_limit: float | None = None
    """The relative rise of a sum that needs no review; None where no rise needs one."""
    budget_limit: float | None = None
    """The share of the budget that the expected month may reach without a review."""
    not_priced: tuple[str, ...] = ()
    """What is not priced, with the reason."""
    prices_of_other_regions: str = ""
    """A sentence on the prices that belong to another region than the stack's; empty where there are none."""


@dataclass(frozen=True)
class Preview:
    """The preview of one stack: changes, violations and cost, or the error in one sentence."""

    stack: str
    source: Source
    status: Status
    project: str = ""
    commit: str = ""
    base: str = ""
    """The commit that it is compared with; empty for the deployed state."""
    error: str = ""
    notes: tuple[str, ...] = ()
    """Limits of the preview's certainty."""
    changes: tuple[ResourceChange, ...] = ()
    data_losses: tuple[DataLoss, ...] = ()
    policies: tuple[PolicyFinding, ...] = ()
    cost: Cost | None = None
    permissions: tuple[GrantMove, ...] = ()
    breaking: tuple[Break, ...] = ()
    resolved: tuple[str, ...] = ()
    """Resolved violations of the base: rule and resource."""
    is_new: bool = False
    """Whether the base has no such stack."""
    resources: int = 0
    graph: str = ""
    base_graph: str = ""


_PREVIEW = TypeAdapter(Preview)


def path_of(stack: str, folder: Path) -> Path:
    """Return the file of a stack's preview: bootstrap/dev becomes bootstrap.dev.json."""
    return folder / f"{stack.replace('/', '.')}.json"


def write(preview: Preview, folder: Path) -> Path:
    """Write the preview into the folder."""
    path = path_of(preview.stack, folder)
    write_file(path, as_json(preview))
    return path


def as_json(preview: Preview) -> str:
    """Return the preview as JSON data."""
    return json.dumps(asdict(preview), indent=2) + "\n"


def read(path: Path) -> Preview:
    """Return the preview in the file. Raises PreviewError where it is damaged or of another kind."""
    try:
        return _PREVIEW.validate_python(read_json(path))
    except (FileError, ValidationError):
        raise PreviewError(f"{path} holds no preview; write it with `./stack changes STACK`.") from None
