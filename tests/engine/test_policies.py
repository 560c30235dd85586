"""The pack in the real engine: the same verdict as offline, and nothing is made that a rule forbids."""

import json
import os
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from policies.pack import PACK
from tests.engine.engine import CURSOR_KEY, ORIGIN_KEY, Engine, Outcome
from tests.engine.left_behind import left_in
from tests.engine.packs import copy_pack, waive
from tests.engine.policy_events import Finding, findings, remediated, reported_on_rules
from tests.support.command_line import PROCESS_HERE
from tests.support.whole_program import ROOT
from toolkit.policy.assessment import Assessment, assess_offline
from toolkit.policy.evaluation import Outcome as RuleOutcome

OURS = ("--policy-pack", str(PACK.folder))
STACKS = ["local", "dev", "staging", "prod"]
WIDE = ("memory-mb: 512", "memory-mb: 1024")  # above what dev may have
RULE = "lambda-memory-cap"


def offline(engine: Engine) -> set[Finding]:
    return of(assess_offline(PACK, engine.stack, engine.root))


def of(assessment: Assessment) -> set[Finding]:
    level = {False: "advisory", True: "mandatory"}
    return {
        (one.rule.name, one.urn, level[one.blocks(assessment.stack)], message)
        for one in assessment.results
        if one.outcome is RuleOutcome.FAIL and not one.waiver
        for message in one.messages
    }


def levels_of(stack: str) -> tuple[str, str]:
    return "--policy-pack-config", str(PACK.levels_folder / f"{stack}.json")


@pytest.fixture(scope="module")
def runs_of(engine_of: Callable[[str], Engine]) -> Callable[[str], tuple[Engine, dict[str, Outcome]]]:
    """A stack's first preview, its update, and a preview after that, with the pack; the last with its levels, too."""

    @cache
    def runs(stack: str) -> tuple[Engine, dict[str, Outcome]]:
        engine = engine_of(stack)
        return engine, {
            "first preview": engine.done("preview", *OURS),
            "update": engine.done("up", *OURS),
            "levels": engine.done("preview", *OURS, *levels_of(stack)),
        }

    return runs


@pytest.mark.parametrize("stack", STACKS)
def test_an_update_says_what_is_said_offline(
    stack: str, runs_of: Callable[..., tuple[Engine, dict[str, Outcome]]]
) -> None:
    engine, runs = runs_of(stack)
    assert findings(runs["update"]) == offline(engine)
    assert reported_on_rules(runs["update"]) == []


@pytest.mark.parametrize("stack", STACKS)
def test_a_first_preview_says_the_same_or_what_it_waits_for(
    stack: str, runs_of: Callable[..., tuple[Engine, dict[str, Outcome]]]
) -> None:
    engine, runs = runs_of(stack)
    known, (waiting,) = findings(runs["first preview"]), reported_on_rules(runs["first preview"])
    assert known <= offline(engine)
    late = {(rule, urn) for rule, urn, *_ in offline(engine) - known}
    listed = {
        (line.split(" waits for ")[0], line.split()[-2]) for line in waiting.splitlines() if " waits for " in line
    }
    assert listed
    assert late <= listed


@pytest.mark.parametrize("stack", STACKS)
def test_the_generated_levels_change_no_verdict(
    stack: str, runs_of: Callable[..., tuple[Engine, dict[str, Outcome]]]
) -> None:
    engine, runs = runs_of(stack)
    assert findings(runs["levels"]) == offline(engine)


@pytest.mark.parametrize("stack", STACKS)
def test_an_exported_state_has_the_verdict_of_its_program(
    stack: str, runs_of: Callable[..., tuple[Engine, dict[str, Outcome]]]
) -> None:
    engine, _ = runs_of(stack)
    state = engine.folder / "state.json"
    engine.done("stack", "export", "--file", str(state))
    command = [*PROCESS_HERE, "policies", "--json", "--state", str(state)]
    here = {**os.environ, "PYTHONPATH": str(ROOT)}
    ours = subprocess.run(command, cwd=engine.root, env=here, capture_output=True, text=True, check=False)
    assert ours.returncode == 0, ours.stderr
    (verdict,) = json.loads(ours.stdout)
    said = {(one["rule"], one["urn"]) for one in verdict["findings"] if one["outcome"] == "fail"}
    assert said == {(rule, urn) for rule, urn, *_ in offline(engine)}
    assert verdict["verdict"] == "passed"

    theirs = engine.done("policy", "analyze", "--file", str(state), "--json", *OURS, *levels_of(stack))
    assert findings(theirs) == offline(engine)


def test_a_violation_stops_the_preview_and_the_update_before_anything_of_it_is_made(
    engine_of: Callable[[str], Engine], tmp_path: Path
) -> None:
    engine = engine_of("dev")
    engine.set(*WIDE)
    ((rule, urn, level, message),) = offline(engine) - {one for one in offline(engine) if one[2] == "advisory"}
    assert (rule, level) == (RULE, "mandatory")
    for command in ("preview", "up"):
        stopped = engine.run(command, *OURS)
        assert stopped.code != 0
        assert message in stopped.output
        assert findings(stopped) >= {(rule, urn, level, message)}
        assert "Traceback" not in stopped.output
    assert urn not in {resource["urn"] for resource in engine.state}
    assert left_in(engine.aws.connection).get("list_functions", []) == []

    waived = copy_pack(tmp_path, waivers=waive(rule, urn, days=30))
    passed = engine.done("up", "--policy-pack", str(waived))
    assert findings(passed) == offline(engine) - {(rule, urn, level, message)}
    assert urn in {resource["urn"] for resource in engine.state}


def test_an_exception_that_has_ended_stops_the_preview(engine_of: Callable[[str], Engine], tmp_path: Path) -> None:
    engine = engine_of("dev")
    engine.set(*WIDE)
    (urn,) = {urn for rule, urn, *_ in offline(engine) if rule == RULE}
    expired = copy_pack(tmp_path, waivers=waive(RULE, urn, days=-1))
    stopped = engine.run("preview", "--policy-pack", str(expired))
    assert stopped.code != 0
    assert {rule for rule, _, level, _ in findings(stopped) if level == "mandatory"} == {RULE, "waiver-valid"}


def test_a_rule_that_crashes_is_a_violation_and_the_other_rules_run(
    engine_of: Callable[[str], Engine], tmp_path: Path
) -> None:
    engine = engine_of("dev")
    broken = copy_pack(tmp_path)
    rules = broken / "rules" / "lambda_" / "cost.py"
    check = 'function.has("memorySize")'
    assert check in rules.read_text()
    rules.write_text(rules.read_text().replace(check, "bool(1 // 0)"))
    stopped = engine.run("preview", "--policy-pack", str(broken))
    assert stopped.code != 0
    (crash,) = [message for message in reported_on_rules(stopped) if " waits for " not in message]
    assert crash == "the rule lambda-memory-bounded failed with ZeroDivisionError; correct the rule"
    whole = engine.done("preview", *OURS)
    assert findings(stopped) == findings(whole)


def test_a_remediated_property_is_deployed(engine_of: Callable[[str], Engine]) -> None:
    engine = engine_of("dev")
    engine.rewrite(
        "infrastructure/components/http_api.py", "retention_in_days=args.settings.access_log_retention_days,", ""
    )
    made = engine.done("up", *OURS)
    (group,) = (one for one in engine.state if one["urn"].endswith("::http-access-logs"))
    assert remediated(made) == {("loggroup-retention", group["urn"])}
    assert group["inputs"]["retentionInDays"] == 30
    assert findings(made) == offline(engine)
    remediations = assess_offline(PACK, "dev", engine.root).remediated
    assert [(one.rule.name, one.urn) for one in remediations] == [("loggroup-retention", group["urn"])]


def test_no_word_of_the_pack_holds_a_secret(engine_of: Callable[[str], Engine]) -> None:
    engine = engine_of("staging")
    engine.set_domain(edge={})
    runs = [engine.run(command, *OURS) for command in ("preview", "up")]
    for run in runs:
        assert run.code == 0, run.output
        words = run.output + json.dumps([event for event in run.events if any("olicy" in part for part in event)])
        assert [key for key in (CURSOR_KEY, ORIGIN_KEY) if key in words] == []
    assert "judged-at-update" in runs[0].output


def test_exceptions_that_cannot_be_read_end_the_pack_with_a_sentence(
    engine_of: Callable[[str], Engine], tmp_path: Path
) -> None:
    engine = engine_of("dev")
    malformed = copy_pack(tmp_path, waivers="waivers:\n- rule: lambda-memory-cap\n")
    stopped = engine.run("preview", "--policy-pack", str(malformed))
    assert stopped.code != 0
    assert "waivers.yaml: waivers.0.urn is missing." in stopped.output
    assert "Traceback" not in stopped.output
