"""Preview a stack offline: compare the program in the working tree with the program of a commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit.configuration import configuration
from toolkit.pipeline.deploy.data_loss import all_data_losses
from toolkit.pipeline.preview.breaking import breaks_in
from toolkit.pipeline.preview.compare import NO_PACKAGE, Side, changes, steps
from toolkit.pipeline.preview.cost import NOT_PRICED, cost_of
from toolkit.pipeline.preview.model import Cost, PolicyFinding, Preview, PreviewError
from toolkit.pipeline.preview.permissions import moves
from toolkit.policy.assessment import Assessment, assess
from toolkit.policy.evaluation import Outcome, Result
from toolkit.policy.pack import Pack
from toolkit.projects import place_of
from toolkit.stacks import EvaluationError, ResourceGraph, evaluate
from toolkit.stacks.errors import FileError, RefusedError
from toolkit.stacks.files import write_file
from toolkit.stacks.git import changed_files, checkout, commit_of_reference, git_or_none
from toolkit.stacks.json_documents import read_json_object
from toolkit.stacks.preview import as_json

_TRUNKS = ("refs/remotes/origin/main", "refs/heads/main")


@dataclass(frozen=True)
class Against:
    """The base of a comparison: a commit and its files."""

    root: Path
    head: str
    commit: str
    files: Path


@contextmanager
def compared_with(root: Path, reference: str | None) -> Iterator[Against]:
    """Check out the base of a comparison: the reference, or the merge base with main. Raises PreviewError."""
    commit = base_commit(root, reference)
    with checkout(root, commit) as files:
        yield Against(root, _commit_named(root, "HEAD"), commit, files)


def base_commit(root: Path, reference: str | None = None) -> str:
    """Return the commit of the reference; without one the merge base with origin/main or main."""
    if reference is not None:
        return _commit_named(root, reference)
    for trunk in _TRUNKS:
        if found := git_or_none(root, "merge-base", "HEAD", trunk):
            return found
    raise PreviewError("There is neither origin/main nor main to compare with; name a commit: --base REF.")


def _commit_named(root: Path, reference: str) -> str:
    found = commit_of_reference(root, reference)
    if not found:
        raise PreviewError(f"{reference!r} is no commit here; name a fetched branch, tag or commit: --base main.")
    return found


def code_changed(root: Path, base: str) -> bool:
    """Return whether the source files of the package differ between the commit and the working tree."""
    rules = configuration().package
    return bool(changed_files(root, base, rules.sources, rules.requirements))


def preview_offline(stack: str, against: Against, folder: Path, pack: Pack) -> Preview:
    """Return what an update would do if the commit were deployed; write both graphs. A failure is in the preview."""
    name, at = place_of(stack, Path())
    made = Preview(stack, "offline", "ok", commit=against.head, base=against.commit)
    try:
        after = assess(pack, evaluate(name, root=against.root / at), against.root / at)
    except RefusedError as error:
        return replace(made, status="failed", error=str(error))
    before, notes = _before(name, against.files / at, after.graph)
    # The bootstrap stack of an account serves no calls, so it has no usage profile.
    cost, unpriced = (None, ()) if at != Path() else _cost(before, after, against.root)
    known = _violations_before(pack, before, against.files / at)
    made = replace(
        made,
        project=after.graph.project,
        status="ok" if after.complete and not after.blocking else "blocked",
        notes=(*notes, *unpriced, *(f"Not evaluated: {gap}." for gap in after.graph.gaps)),
        cost=cost,
        policies=_findings(after, known),
        resolved=_resolved(after, known),
        is_new=bool(before and not before.resources),
        resources=sum(resource.custom for resource in after.graph.resources),
        graph=_keep(after.graph, against.root / at, folder, f"{stack.replace('/', '.')}.graph.json"),
    )
    if before is None:
        return made
    moved = code_changed(against.root, against.commit)
    old = Side(before, against.files / at, "of the base" if moved else "built anew")
    new = Side(after.graph, against.root / at, "built anew", _version(against.root, name))
    changed = changes(old, new)
    return replace(
        made,
        changes=changed,
        data_losses=all_data_losses(steps(old, new, changed)),
        permissions=moves(before, after.graph),
        breaking=breaks_in(old, new, changed) if before.resources else (),
        base_graph=_keep(before, against.files / at, folder, f"{stack.replace('/', '.')}.base.graph.json"),
    )


def _before(name: str, root: Path, after: ResourceGraph) -> tuple[ResourceGraph | None, tuple[str, ...]]:
    """Return the stack of the commit: empty where it is new, None where its program cannot be evaluated."""
    if not (root / f"Pulumi.{name}.yaml").is_file():
        return ResourceGraph(after.project, name, (), {}), ("This stack is new: everything in it is created.",)
    try:
        return evaluate(name, root=root), ()
    except EvaluationError as error:
        return None, (f"What changes is unknown, because the base cannot be evaluated: {error}",)


def _cost(before: ResourceGraph | None, after: Assessment, root: Path) -> tuple[Cost | None, tuple[str, ...]]:
    try:
        cost = cost_of(before, after.graph, root, after.pack.review_limits[after.stack.environment])
    except NOT_PRICED as error:
        return None, (f"What it costs is unknown: {error}",)
    other = cost.prices_of_other_regions if cost else ""
    return cost, (f"Of the cost, {other}.",) if other else ()


def _violations_before(pack: Pack, before: ResourceGraph | None, root: Path) -> set[tuple[str, str]]:
    """Return the violations of the base; none where it is unknown, so that all count as new."""
    try:
        assessment = assess(pack, before, root) if before and before.resources else None
    except FileError:
        assessment = None
    return {(each.rule.name, each.urn) for each in _broken(assessment)} if assessment else set()


def _resolved(assessment: Assessment, before: set[tuple[str, str]]) -> tuple[str, ...]:
    """Return the resolved violations, by rule and resource."""
    gone = before - {(each.rule.name, each.urn) for each in _broken(assessment)}
    return tuple(sorted(f"{rule} ({urn.rpartition('::')[2] or 'the stack'})" for rule, urn in gone))


def _broken(assessment: Assessment) -> tuple[Result, ...]:
    return (*assessment.blocking, *assessment.warnings, *assessment.waived)


def _findings(assessment: Assessment, before: set[tuple[str, str]]) -> tuple[PolicyFinding, ...]:
    stack = assessment.stack
    return tuple(
        PolicyFinding(
            rule=each.rule.name,
            level=each.rule.levels[stack.environment].value,
            severity=each.rule.severity.value,
            urn=each.urn,
            message=_message(each),
            waiver=f"{each.waiver.reason} ({each.waiver.owner}, until {each.waiver.expires})" if each.waiver else "",
            blocks=each.blocks(stack),
            new=(each.rule.name, each.urn) not in before,
        )
        for each in _broken(assessment)
    )


def _message(result: Result) -> str:
    words = ", ".join(result.messages)
    if result.outcome is Outcome.UNKNOWN:
        return f"cannot be evaluated while {words} is unknown"
    return f"the rule itself failed with {words}" if result.outcome is Outcome.CRASH else words


def _version(root: Path, stack: str) -> str:
    """Return the version that the program gives to the stack's package."""
    try:
        return str(read_json_object(root / "build" / stack / "package.json")["sha256"])[:12]
    except (FileError, KeyError):
        return NO_PACKAGE


def _keep(graph: ResourceGraph, root: Path, folder: Path, name: str) -> str:
    write_file(folder / name, as_json(graph, root))
    return name
