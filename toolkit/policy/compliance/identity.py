"""The subject of a report: stack, account, region, commit, and the approver of the deployment."""

from dataclasses import dataclass
from pathlib import Path

from toolkit.policy.assessment import Assessment
from toolkit.stacks import ResourceGraph
from toolkit.stacks.git import GitError, git, git_or_none
from toolkit.stacks.settings import Environment, StackSettings
from toolkit.stacks.stack_files import configuration_of
from toolkit.stacks.yaml_documents import read_yaml

_UNKNOWN = "unknown"


@dataclass(frozen=True)
class Commit:
    """The commit of the code."""

    hash: str
    date: str
    """The time of the commit, as ISO 8601."""
    changed: bool
    """Whether files differ from it."""


@dataclass(frozen=True)
class Release:
    """The run that deployed the stack, its approver, and the digest of its package."""

    run: str
    approver: str
    package: str


@dataclass(frozen=True)
class Identity:
    """The facts at the head of a report."""

    project: str
    stack: str
    environment: Environment
    account: str
    region: str
    evaluated: str
    """The evaluated source: the program, or the state in a file."""
    on: str
    """The day, as ISO 8601."""
    resources: int
    """The number of the stack's AWS resources."""
    pack: str
    """The version of the rules."""
    commit: Commit | None
    file: str
    """The stack's file, from the root of the repository."""
    bootstrap: str = "not evaluated"
    """The bootstrap stack of its account, or why that was not evaluated."""
    with_account: bool = False
    """Whether the account was evaluated with it, or is the stack itself."""
    release: Release | None = None
    """The recorded deployment; None without one."""


def identify(assessment: Assessment, root: Path, state: Path | None) -> Identity:
    """Return the identity of a report. Raises StackFileError where the stack has no file."""
    graph, stack = assessment.graph, assessment.stack
    _, config = configuration_of(graph, root)
    settings = StackSettings.lenient(config.get(f"{graph.project}:settings"))
    file = (root / f"Pulumi.{graph.stack}.yaml").resolve()
    return Identity(
        project=graph.project,
        stack=graph.stack,
        environment=stack.environment,
        account=settings.account_id or _UNKNOWN,
        region=str(config.get("aws:region", _UNKNOWN)),
        evaluated=f"the state in {state.name}" if state else "the program",
        on=stack.today.isoformat(),
        resources=at_aws(graph),
        pack=str(read_yaml(assessment.pack.manifest)["version"]),
        commit=_commit(root),
        file=file.relative_to(repository).as_posix() if file.is_relative_to(repository := Path.cwd()) else file.name,
    )


def at_aws(graph: ResourceGraph) -> int:
    """Return the number of AWS resources in a graph."""
    return sum(resource.custom and resource.type.startswith("aws:") for resource in graph.resources)


def _commit(root: Path) -> Commit | None:
    try:
        head = git(root, "log", "-1", "--format=%H %cI")
    except GitError:
        return None
    found, _, day = head.partition(" ")
    return Commit(found, day, changed=bool(git_or_none(root, "status", "--porcelain", "--untracked-files=no")))
