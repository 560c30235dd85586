"""What a dossier says of the contract, the cost, the permissions and the package."""

from pipeline.dossier.escaping import code, plain
from pipeline.dossier.model import Dossier
from pipeline.dossier.package_changes import Dependency, PackageReport
from pipeline.dossier.sections import Section, row
from pipeline.dossier.stack_sections import LEAST, money, shared, stacks
from pipeline.preview.grants import GrantMove

_FEW = 8


def contract(dossier: Dossier) -> Section:
    """What callers can no longer rely on."""
    found = dossier.contract
    if found.error:
        return Section("🟠 API contract", "", (plain(found.error),), folded=False, need=85)
    added = (
        f" New: {', '.join(map(code, found.added[:_FEW]))}{' …' if len(found.added) > _FEW else ''}."
        if found.added
        else ""
    )
    if not found.breaking:
        return Section("API contract", f"Nothing that callers rely on is taken away.{added}", need=85)
    count = len(found.breaking)
    lead = f"**{count:,} breaking {'change' if count == 1 else 'changes'}** for those who call the API.{added}"
    told = shared((each.what, each.where) for each in found.breaking)
    rows = tuple(row(plain(what), "<br>".join(map(code, places))) for what, places in told)
    return Section("🟠 API contract", lead, rows, ("What breaks", "Where"), folded=False, need=75)


def cost(dossier: Dossier) -> Section | None:
    """Which resources cost another sum than before."""
    priced = [stack for stack in dossier.stacks if stack.cost]
    if not priced:
        return None
    rows = tuple(
        row(
            stacks([stack.stack]),
            code(line.name),
            plain(line.item),
            money(line.before),
            money(line.after),
            plain(line.formula, 200),
        )
        for stack in priced
        for line in (stack.cost.lines if stack.cost else ())
        if abs(line.after - line.before) >= LEAST
    )
    lead = (
        "No resource costs another sum than before."
        if not rows
        else "Expected, USD a month, by the stack's usage profile."
    )
    header = ("Stack", "Resource", "For", "Before", "After", "How")
    return Section("Cost", lead, rows, header, folded=len(rows) > _FEW, need=45)


def permissions(dossier: Dossier) -> Section:
    """What roles gain and lose; grants that differ in the account only are not the same."""
    told = shared((move, stack.stack) for stack in dossier.stacks for move in stack.permissions)
    if not told:
        return Section("Permissions", "No role gains or loses anything.", need=60)
    gains = sum(move.sign == "gains" for move, _ in told)
    rows = tuple(_move(move, who) for move, who in sorted(told, key=lambda each: each[0]))
    lead = f"**{gains:,} gained**, {len(told) - gains:,} lost."
    header = ("", "Role", "Action", "Resource", "Stacks")
    return Section("Permissions", lead, rows, header, folded=len(rows) > _FEW, need=40)


def package(dossier: Dossier) -> Section:
    """What the package is made of."""
    report = dossier.package
    rows = tuple(
        row(code(each.name), code(each.before) or "—", code(each.after) or "—", _kind(each))
        for each in report.dependencies
    )
    lead = f"{_built(report)}{'Dependencies:' if rows else 'No dependency changes.'}"
    return Section("Package", lead, rows, ("Dependency", "Before", "After", ""), folded=len(rows) > _FEW, need=30)


def _built(report: PackageReport) -> str:
    """One line for each digest: stacks with the same target share their package."""
    told = shared(((each.sha256, each.zipped, each.unpacked), each.stack) for each in report.built)
    return "".join(
        f"{stacks(who)}: {zipped / 1e6:.2f} MB, unpacked {unpacked / 1e6:.1f} MB, sha256 {code(sha256[:12])}. "
        for (sha256, zipped, unpacked), who in told
    )


def _kind(one: Dependency) -> str:
    return "added" if not one.before else "removed" if not one.after else "changed"


def _move(move: GrantMove, who: tuple[str, ...]) -> str:
    grant = move.grant
    condition = f"<br>if {code(grant.condition)}" if grant.condition else ""
    sign = "**+ gains**" if move.sign == "gains" else "- loses"
    effect = "" if grant.effect == "may" else f"{plain(grant.effect)}: "
    return row(
        sign, code(grant.role), f"{effect}{code(grant.action)}", f"{code(grant.resource)}{condition}", stacks(who)
    )
