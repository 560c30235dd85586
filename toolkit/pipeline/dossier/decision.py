"""The decision on a change: the first line, each stack's verdict, and the next command."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from shlex import quote

from toolkit.configuration import configuration
from toolkit.pipeline.dossier import other_points, risk_points
from toolkit.pipeline.dossier.amounts import reasons
from toolkit.pipeline.dossier.model import SIGNALS, Dossier, Kind, is_compared, is_unchanged
from toolkit.pipeline.dossier.point import Point, Subject
from toolkit.pipeline.dossier.texts import count
from toolkit.pipeline.preview.model import Preview

_TITLE = 200
_BRIEF: Mapping[Subject, str] = {
    "failed": "cannot be evaluated",
    "stops": "the update stops",
    "data": "data may be lost",
    "unknown": "partly unknown",
    "stacks": "new stack",
}


@dataclass(frozen=True)
class StackVerdict:
    """One stack in one line."""

    stack: str
    kind: Kind
    words: str


@dataclass(frozen=True)
class Decision:
    """The decision on the change, and the reason."""

    kind: Kind
    points: tuple[Point, ...]
    verdicts: tuple[StackVerdict, ...]
    headline: str
    command: str


def decide(dossier: Dossier) -> Decision:
    """Return the decision; without points the change is ready."""
    points = points_of(dossier)
    verdicts = tuple(_verdict(stack, points) for stack in dossier.stacks)
    kinds: list[Kind] = [verdict.kind for verdict in verdicts] + [point.kind for point in points]
    kind: Kind = min(kinds, key=list(SIGNALS).index, default="unchanged")
    return Decision(kind, points, verdicts, _headline(kind, points, dossier), _command(points, dossier))


def points_of(dossier: Dossier) -> tuple[Point, ...]:
    """Return all points, most harmful first: in the order of Subject."""
    return (
        *risk_points.failed(dossier),
        *risk_points.stops(dossier),
        *risk_points.blocked(dossier),
        *risk_points.data_loss(dossier),
        *risk_points.breaking(dossier),
        *risk_points.permissions(dossier),
        *other_points.cost(dossier),
        *other_points.policies(dossier),
        *other_points.unknown(dossier),
        *other_points.stacks(dossier),
        *other_points.warnings(dossier),
        *other_points.dependencies(dossier),
    )


def _verdict(preview: Preview, points: tuple[Point, ...]) -> StackVerdict:
    own = [point for point in points if preview.stack in point.stacks]
    if own:
        return StackVerdict(
            preview.stack, own[0].kind, "; ".join(dict.fromkeys(_brief(point, preview) for point in own))
        )
    if is_unchanged(preview):
        return StackVerdict(preview.stack, "unchanged", "no change")
    if not is_compared(preview):
        return StackVerdict(preview.stack, "review", "what changes is unknown")
    return StackVerdict(preview.stack, "changes", "ready")


def _brief(point: Point, preview: Preview) -> str:
    """Return the point for the line of one stack: with the stack's numbers and without its name."""
    if point.subject == "blocked":
        return count(sum(finding.blocks for finding in preview.policies), "policy violation")
    if point.subject == "cost" and preview.cost:
        return "; ".join(reasons(preview.cost))
    if point.subject == "permissions":
        return count(sum(move.sign == "gains" for move in preview.permissions), "permission") + " added"
    if point.subject == "warnings":
        fresh = sum(finding.new and not finding.blocks and not finding.waiver for finding in preview.policies)
        return count(fresh, "new warning")
    if point.subject == "api" and len(preview.breaking) > 1:
        return count(len(preview.breaking), "breaking API change")
    return _BRIEF.get(point.subject, point.title)


def _headline(kind: Kind, points: tuple[Point, ...], dossier: Dossier) -> str:
    if not points:
        changed = [stack for stack in dossier.stacks if not is_unchanged(stack)]
        if not changed:
            return "ready to merge, no stack changes"
        counts = Counter(change.operation for stack in changed for change in stack.changes)
        moved = ", ".join(f"{number:,} to {operation}" for operation, number in counts.items())
        return f"ready to merge, {moved or 'no resource changes'}"
    do = "do not merge" if SIGNALS[kind] == "STOP" else "review before merging"
    text = f"{do}: {points[0].title}"
    for position, point in enumerate(points[1:], start=1):
        if len(text) + len(point.title) > _TITLE:
            return f"{text}; and {len(points) - position} more"
        text += f"; {point.title}"
    return text


def _command(points: tuple[Point, ...], dossier: Dossier) -> str:
    """Return the next command, for the first point."""
    if not points:
        return "gh pr review --approve"
    first = points[0]
    # A stack is named by its author, and a person pastes the command into a shell.
    whole = quote(first.stacks[0]) if first.stacks else ""
    base, head = dossier.base[:12], dossier.commit[:12]
    commands = {
        "failed": f"./stack preview {whole}",
        "stops": f"./stack changes {whole}",
        "blocked": f"./stack policies {whole}",
        "warnings": f"./stack policies {whole}",
        "data": f"./stack changes {whole}",
        "cost": f"./stack cost {whole} --against {base}",
        "policies": f"git diff {base} {head} -- policies",
        "dependencies": f"git diff {base} {head} -- pyproject.toml requirements",
        "stacks": f"git diff {base} {head} -- 'Pulumi.*.yaml' infrastructure",
        "unknown": f"git diff {base} {head} -- infrastructure",
    }
    return commands.get(first.subject, f"git diff {base} {head} -- infrastructure {configuration().openapi}")
