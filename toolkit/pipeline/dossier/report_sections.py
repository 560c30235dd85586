"""The sections on the contract, the cost, the permissions and the package."""

from toolkit.pipeline.dossier.amounts import money, percent_of
from toolkit.pipeline.dossier.model import Dossier, moves_cost
from toolkit.pipeline.dossier.package_changes import Dependency, PackageReport
from toolkit.pipeline.dossier.sections import Section, row
from toolkit.pipeline.dossier.stack_sections import stacks
from toolkit.pipeline.dossier.texts import code, count, plain, shared
from toolkit.pipeline.preview.model import Cost, CostLine, GrantMove

_FEW = 8
_NOTICED = 0.001


def contract(dossier: Dossier) -> Section | None:
    """Return the breaking changes, by the program of each stack and by the OpenAPI document."""
    report = dossier.contract
    if report.error:
        return Section("API contract", "", (plain(report.error),), folded=False, need=85)
    added = f"New: {', '.join(map(code, report.added[:_FEW]))}{' …' if len(report.added) > _FEW else ''}."
    breaks = [(each, f"**{plain(stack.stack, 60)}**") for stack in dossier.stacks for each in stack.breaking]
    breaks += [(each, "OpenAPI document") for each in report.breaking]
    if not breaks:
        return Section("API contract", f"Nothing is removed. {added}", need=75) if report.added else None
    places = dict(shared((each.what, code(each.where)) for each, _ in breaks))
    sources = dict(shared((each.what, source) for each, source in breaks))
    number = sum(map(len, places.values()))
    lead = f"**{count(number, 'breaking change')}** for callers.{f' {added}' if report.added else ''}"
    rows = tuple(row(plain(what), _places(places[what]), ", ".join(sources[what])) for what in places)
    return Section("API contract", lead, rows, ("What breaks", "Where", "In"), folded=False, need=75)


def _places(places: tuple[str, ...]) -> str:
    left = len(places) - 2 * _FEW
    return "<br>".join(places[: 2 * _FEW]) + (f"<br>and {left} more" if left > 0 else "")


def cost(dossier: Dossier) -> Section | None:
    """Return the resources whose expected or worst cost changes."""
    rows = tuple(
        _cost(stack.stack, line)
        for stack in dossier.stacks
        if stack.cost
        for line in stack.cost.lines
        if _is_noticed(line, stack.cost)
    )
    if not rows:
        return None
    lead = "USD a month: expected by the stack's usage profile, and at worst by its limits."
    header = ("Stack", "Resource", "For", "Expected", "At worst", "How")
    return Section("Cost", lead, rows, header, folded=len(rows) > _FEW, need=45)


def _is_noticed(line: CostLine, cost: Cost) -> bool:
    """Return whether a line is relevant in its month: each added route changes every limit by some cents."""
    worst = None if line.worst_before is None or line.worst_after is None else line.worst_after - line.worst_before
    if worst is None and line.worst_before != line.worst_after:
        return True
    return abs(line.after - line.before) > _NOTICED * cost.expected or abs(worst or 0) > _NOTICED * cost.worst


def _cost(stack: str, line: CostLine) -> str:
    worst = _moved(line.worst_before, line.worst_after)
    how = line.formula if abs(line.after - line.before) > 0 else line.worst_formula
    return row(
        stacks([stack]),
        code(line.name),
        plain(line.item),
        _moved(line.before, line.after),
        worst,
        plain(how, 200),
    )


def _moved(before: float | None, after: float | None) -> str:
    """Return an amount before and after; None is unbounded."""
    was, now = ("unbounded" if value is None else money(value) for value in (before, after))
    if was == now:
        return now
    share = f" ({percent_of(before, after)})" if before is not None and after is not None else ""
    return f"{was} → **{now}**{share}"


def permissions(dossier: Dossier) -> Section | None:
    """Return the added and removed permissions, once for all stacks."""
    reported = shared((move, stack.stack) for stack in dossier.stacks for move in stack.permissions)
    if not reported:
        return None
    gains = sum(move.sign == "gains" for move, _ in reported)
    rows = tuple(_move(move, in_stacks) for move, in_stacks in sorted(reported, key=lambda each: each[0]))
    lead = f"**{gains:,} added**, {len(reported) - gains:,} removed."
    header = ("", "Who", "Action", "Resource", "Stacks")
    return Section("Permissions", lead, rows, header, folded=len(rows) > 2 * _FEW, need=60)


def package(dossier: Dossier) -> Section | None:
    """Return the changes of the package."""
    report = dossier.package
    if not (report.dependencies or report.code):
        return None
    rows = tuple(
        row(code(each.name), code(each.before) or "—", code(each.after) or "—", _kind(each))
        for each in report.dependencies
    )
    files = f"{count(len(report.code), 'file')} of the service changed. " if report.code else ""
    dependencies = "" if rows else "No dependency changes."
    header = ("Dependency", "Before", "After", "")
    folded = len(rows) > _FEW
    return Section("Package", f"{files}{_built(report)}{dependencies}", rows, header, folded=folded, need=30)


def _built(report: PackageReport) -> str:
    """Return one line per digest: stacks with the same target share their package."""
    reported = shared(((each.sha256, each.zipped, each.unpacked), each.stack) for each in report.built)
    if not reported:
        return "Package of this commit: **not built**. "
    return "".join(
        f"Package of this commit for {stacks(in_stacks)}: {zipped / 1e6:.2f} MB, unpacked {unpacked / 1e6:.1f} MB, "
        f"SHA-256 {code(sha256[:12])}. "
        for (sha256, zipped, unpacked), in_stacks in reported
    )


def _kind(one: Dependency) -> str:
    if one.before:
        return "changed" if one.after else "removed"
    size = f"{one.size / 1e6:.1f} MB unpacked" if one.size is not None else "size unknown: not installed here"
    known = f", needs {one.known} that were there" if one.known else ""
    brings = f"brings {', '.join(map(code, one.brings))}" if one.brings else "brings no other"
    licence = plain(one.licence) or "licence unknown"
    return f"**added**{'' if one.direct else ' by another'}: {size}, {licence}; {brings}{known}"


def _move(move: GrantMove, in_stacks: tuple[str, ...]) -> str:
    grant = move.grant
    condition = f"<br>if {code(grant.condition)}" if grant.condition else ""
    sign = "**+ added**" if move.sign == "gains" else "- removed"
    effect = "" if grant.effect == "may" else f"{plain(grant.effect)}: "
    return row(
        sign, code(grant.role), f"{effect}{code(grant.action)}", f"{code(grant.resource)}{condition}", stacks(in_stacks)
    )


def unchanged(dossier: Dossier) -> str:
    """Return what does not differ, in one sentence."""
    parts = {
        "API contract": dossier.contract.breaking or dossier.contract.added or dossier.contract.error,
        "cost": any(moves_cost(stack) for stack in dossier.stacks),
        "permissions": any(stack.permissions for stack in dossier.stacks),
        "package": dossier.package.dependencies or dossier.package.code,
    }
    parts["API contract"] = parts["API contract"] or any(stack.breaking for stack in dossier.stacks)
    same = [name for name, moved in parts.items() if not moved]
    return f"No change: {', '.join(same)}." if same else ""
