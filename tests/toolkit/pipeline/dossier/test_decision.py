"""The first line and the points below it: which changes ask for a review, in which order, and what comes next."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.dossiers import change, dossier, finding, loss, preview
from toolkit.pipeline.dossier.decision import decide
from toolkit.pipeline.dossier.model import Dossier
from toolkit.pipeline.dossier.openapi_changes import ContractReport
from toolkit.pipeline.dossier.package_changes import Dependency, PackageReport
from toolkit.pipeline.dossier.policy_changes import GuardReport
from toolkit.pipeline.dossier.rendering import as_json, comment
from toolkit.pipeline.dossier.terminal import WIDTH, lines
from toolkit.pipeline.preview.model import Break, Cost, Grant, GrantMove, Preview

TABLE = "aws:dynamodb/table:Table"
GAIN = GrantMove("gains", Grant("api-role", "may", "s3:GetObject", "files/*"))
REMOVED = Break("GET /me", "the route is removed")


def month(expected: float, before: float, worst: float = 100, worst_before: float = 100, **fields: Any) -> Cost:
    limits = {"budget": 200.0, "rise_limit": 0.2, "budget_limit": 0.8, **fields}
    return Cost(expected, worst, expected - before, worst - worst_before, **limits)


ASKS = {
    "failed": preview(status="failed", error="boom"),
    "stops": preview(changes=(change("t", "replace", TABLE, protected=True),), data_losses=(loss("t"),)),
    "blocked": preview(status="blocked", policies=(finding("r", blocks=True),)),
    "data": preview(changes=(change("t", "delete", TABLE),), data_losses=(loss("t"),)),
    "api": preview(breaking=(REMOVED,)),
    "permissions": preview(permissions=(GAIN,)),
    "cost": preview(cost=month(90, 50)),
    "unknown": preview(notes=("what it costs is unknown",)),
    "stacks": preview(is_new=True, notes=("This stack is new.",), resources=3),
    "warnings": preview(policies=(finding("warns"),)),
}


@pytest.mark.parametrize(("subject", "stack"), ASKS.items())
def test_change_that_needs_a_review_is_not_ready(subject: str, stack: Preview) -> None:
    decision = decide(dossier(stack))
    assert [point.subject for point in decision.points] == [subject]
    assert decision.kind not in ("changes", "unchanged")
    assert decision.headline.startswith(("do not merge: ", "review before merging: "))


@pytest.mark.parametrize(
    "stack",
    [
        preview(),
        preview(changes=(change("t"),)),
        preview(permissions=(GrantMove("loses", GAIN.grant),)),
        preview(cost=month(55, 50, budget=None)),
        preview(cost=month(20, 50)),
        preview(cost=month(190, 190)),
        preview(cost=month(9, 0.5, rise_limit=None, budget_limit=None, budget=10.0)),
        preview(policies=(finding("r", new=False),)),
        preview(policies=(finding("r", waiver="because (team, until 2027-01-01)"),)),
        preview(resolved=("r (files)",)),
    ],
)
def test_change_without_risk_is_ready(stack: Preview) -> None:
    decision = decide(dossier(stack))
    assert decision.points == ()
    assert (decision.headline.startswith("ready to merge"), decision.command) == (True, "gh pr review --approve")


@pytest.mark.parametrize(
    ("cost", "words"),
    [
        (month(90, 50), "cost of dev: expected month +40.00, +80 %"),
        (month(170, 160), "cost of dev: expected month above 80 % of the budget"),
        (month(50, 50, worst=1000, worst_before=100), "cost of dev: worst month +900.00, +900 %"),
    ],
)
def test_rise_of_expected_or_worst_month_needs_a_review(cost: Cost, words: str) -> None:
    assert decide(dossier(preview(cost=cost))).headline == f"review before merging: {words}"


def test_cost_point_has_percentages_and_the_budget() -> None:
    (point,) = decide(dossier(preview(cost=month(90, 50, worst=3000, worst_before=1000)))).points
    assert point.text == (
        "Cost of dev, USD a month: expected 90.00 (+40.00, +80 %), 45 % of budget 200; "
        "at worst 3,000.00 (+2,000.00, +200 %), 15 × of budget 200"
    )


def test_most_harmful_point_is_first() -> None:
    stacks = [Preview(**{**each.__dict__, "stack": name}) for name, each in reversed(ASKS.items())]
    found = decide(dossier(*stacks))
    assert [point.subject for point in found.points] == list(ASKS)
    assert found.headline.startswith("do not merge: failed cannot be evaluated; ")
    assert found.headline.endswith(" more")


def test_table_that_stops_the_update_is_listed_once() -> None:
    (point,) = decide(dossier(ASKS["stops"])).points
    assert point.text == "The update stops: t is protected and would be replaced"


def test_removed_route_of_program_and_document_is_listed_once() -> None:
    gone = ContractReport((Break("GET /me", "the path is removed"),))
    (point,) = decide(
        dossier(preview("dev", breaking=(REMOVED,)), preview("prod", breaking=(REMOVED,)), contract=gone)
    ).points
    assert (point.text, point.stacks) == ("Breaking for callers: GET /me: the route is removed", ("dev", "prod"))


def test_permission_of_several_stacks_is_listed_once_widest_first() -> None:
    wide = GrantMove("gains", Grant("everybody", "may", "call without a token", "GET /x"))
    (point,) = decide(dossier(preview("dev", permissions=(GAIN, wide)), preview("prod", permissions=(GAIN,)))).points
    assert point.text == (
        "2 permissions added: everybody may call without a token on GET /x; api-role may s3:GetObject on files/*"
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"guards": GuardReport(weakened=("r: mandatory to advisory in prod",))}, "1 policy rule is weaker"),
        ({"guards": GuardReport(waivers_added=("r at t of prod",))}, "1 waiver added"),
        ({"guards": GuardReport(files=("policies/bounds.py",))}, "the policies change"),
        ({"removed_stacks": ("staging",)}, "stack staging is removed"),
        ({"contract": ContractReport(error="no JSON")}, "the API contract cannot be compared"),
        (
            {
                "package": PackageReport(
                    (Dependency("httpx", "", "1", direct=True, brings=("h11",)), Dependency("h11", "", "2"))
                )
            },
            "new dependency httpx",
        ),
    ],
)
def test_point_without_a_stack_needs_a_review(fields: dict[str, Any], words: str) -> None:
    decision = decide(dossier(preview(), **fields))
    assert (decision.headline, decision.kind) == (f"review before merging: {words}", "review")


def test_new_version_of_a_dependency_is_ready() -> None:
    package = PackageReport((Dependency("httpx", "1", "2", direct=True),))
    assert decide(dossier(preview(), package=package)).points == ()


@pytest.mark.parametrize(
    ("stack", "command"),
    [
        (preview("bootstrap/dev", status="failed", error="x"), "./stack preview bootstrap/dev"),
        (preview("prod", status="blocked", policies=(finding("r", blocks=True),)), "./stack policies prod"),
        (preview("prod", cost=month(90, 50)), "./stack cost prod --against bbbbbbbbbbbb"),
    ],
)
def test_next_command_shows_the_first_point(stack: Preview, command: str) -> None:
    assert decide(dossier(stack)).command == command


def test_hostile_stack_name_is_quoted_in_the_command() -> None:
    hostile = "a;touch pwned`b"
    found = dossier(preview(hostile, status="failed", error="x"))
    assert decide(found).command == "./stack preview 'a;touch pwned`b'"
    last = comment(found, Path("nowhere")).rstrip().rpartition("\n")[2]
    assert last == "**Next**: <code>./stack preview 'a;touch pwned&#96;b'</code>"


def everything() -> Dossier:
    stacks = [Preview(**{**each.__dict__, "stack": f"{name}-{'x' * 50}"}) for name, each in ASKS.items()]
    return dossier(*stacks, preview("same"), preview("esc", status="failed", error="\x1b[31mred\x1b[0m " * 40))


def test_terminal_lines_fit_100_columns_and_end_with_the_command() -> None:
    printed = list(lines(everything()))
    assert max(map(len, printed)) <= WIDTH
    assert "\x1b" not in "".join(printed)
    assert printed[0].startswith("STOP shop: do not merge:")
    assert printed[-1].startswith("Next: ./stack preview")


def test_json_has_the_decision_and_the_points() -> None:
    printed = json.loads(as_json(dossier(ASKS["api"])))
    assert printed["decision"] == "review before merging: GET /me: the route is removed"
    assert printed["points"][0]["subject"] == "api"
    assert printed["next"].startswith("git diff")
