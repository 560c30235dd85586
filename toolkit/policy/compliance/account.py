"""The bootstrap stack of a stack's account: trail, keys, roles and budget."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.policy.assessment import Assessment, assess, assess_offline
from toolkit.policy.compliance.identity import at_aws
from toolkit.stacks import load_project, load_stack_config, read_graph
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.settings import AccountSettings
from toolkit.stacks.stack_files import configuration_of, stack_files

FOLDER = Path("infrastructure") / "bootstrap"


@dataclass(frozen=True)
class Account:
    """The assessment of the account's bootstrap stack, or why it was not evaluated."""

    words: str
    assessment: Assessment | None = None
    is_itself: bool = False

    @property
    def evaluated(self) -> bool:
        """Return whether the report holds the account's resources."""
        return self.is_itself or self.assessment is not None


def account_of(assessment: Assessment, root: Path, state: Path | None = None) -> Account:
    """Return the account of a stack: from an exported state of its bootstrap stack, else from the bootstrap program.

    Raises WaiverFileError, and FileError or StackFileError for a state that was named and cannot be read.
    """
    folder = root / FOLDER
    if state is not None:
        return _named(assess(assessment.pack, read_graph(state), folder), f"the state in {state.name}")
    if assessment.graph.project.endswith("-bootstrap"):
        return Account("this is the account's bootstrap stack", is_itself=True)
    try:
        name = _stack_for(assessment, root, folder)
        if name is None:
            return Account("no bootstrap stack of this project is for the account")
        return _named(assess_offline(assessment.pack, name, folder), "the program")
    except RefusedError as error:
        return Account(f"could not be evaluated: {str(error).removesuffix('.')}")


def _named(assessment: Assessment, evaluated: str) -> Account:
    graph = assessment.graph
    return Account(f"{graph.project}/{graph.stack}, {evaluated}, {at_aws(graph)} resources", assessment)


def _stack_for(assessment: Assessment, root: Path, folder: Path) -> str | None:
    """Return the bootstrap stack with the same account, preferably one that also lists the stack."""
    account = _settings(*configuration_of(assessment.graph, root)).account_id
    if account is None or not (folder / "Pulumi.yaml").is_file():
        return None
    project = load_project(folder)
    found = {name: _settings(project.name, load_stack_config(name, folder, project)) for name in stack_files(folder)}
    same = [name for name, settings in found.items() if settings.account_id == account]
    return min(same, key=lambda name: assessment.graph.stack not in found[name].stacks, default=None)


def _settings(project: str, config: Mapping[str, Any]) -> AccountSettings:
    return AccountSettings.lenient(config.get(f"{project}:settings"))
