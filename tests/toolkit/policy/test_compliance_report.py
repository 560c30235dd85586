"""What rules, controls and catalogues come to in a report."""

from dataclasses import replace
from typing import Any

import pytest

from policies.pack import PACK
from tests.support.policy_servicer import TODAY
from tests.support.reports import FUNCTION, KEY, control, identity, report, resource, rule, waiver
from toolkit.policy.assessment import Assessment
from toolkit.policy.compliance.definitions import definitions
from toolkit.policy.compliance.framework_report import order
from toolkit.policy.compliance.report import Verdict, report_on
from toolkit.policy.controls import Control, Framework, controls
from toolkit.policy.evaluation import Outcome, Result
from toolkit.policy.stack import Stack
from toolkit.stacks import ResourceGraph
from toolkit.stacks.inputs import UNKNOWN

PUBLIC_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
POLICY = "aws:s3/bucketPolicy:BucketPolicy"
SLOW = resource(FUNCTION, timeout=901)
QUICK = resource(FUNCTION, timeout=9)
TIMEOUT = "lambda-timeout-bounded"
STALE = resource(KEY)
LEFT_OUT = (*PACK.controls.declined, *PACK.controls.beyond, *PACK.controls.not_in_use)
UNSURE = resource(KEY, "unsure", enableKeyRotation=UNKNOWN)


def test_broken_rule_fails_and_lists_the_evaluated_resources() -> None:
    found = rule(report(SLOW, resource(FUNCTION, "other", timeout=9)), TIMEOUT)
    assert (found.verdict, len(found.evaluated), [one.result.urn for one in found.findings]) == (
        Verdict.FAIL,
        2,
        [SLOW.urn],
    )


def test_rule_without_a_violation_passes() -> None:
    assert rule(report(QUICK), TIMEOUT).verdict is Verdict.PASS


def test_broken_mandatory_rule_blocks() -> None:
    assert rule(report(SLOW), TIMEOUT).blocks
    assert not rule(report(SLOW, environment="dev"), TIMEOUT).blocks


def test_waived_rule_is_neither_a_failure_nor_a_pass() -> None:
    found = rule(report(SLOW, waivers=(waiver(TIMEOUT, SLOW),)), TIMEOUT)
    assert (found.verdict, found.blocks) == (Verdict.WAIVED, False)


def test_waiver_of_one_resource_does_not_cover_another() -> None:
    other = resource(FUNCTION, "other", timeout=901)
    found = rule(report(SLOW, other, waivers=(waiver(TIMEOUT, SLOW),)), TIMEOUT)
    assert (found.verdict, found.blocks) == (Verdict.FAIL, True)
    assert [one.verdict for one in found.findings] == [Verdict.WAIVED, Verdict.FAIL]


def test_unknown_property_is_unknown_and_blocks() -> None:
    found = rule(report(UNSURE), "kms-rotation")
    assert (found.verdict, found.blocks) == (Verdict.UNKNOWN, True)


def test_rule_without_resources_of_its_type_is_not_applicable() -> None:
    assert rule(report(QUICK), "kms-rotation").verdict is Verdict.NOT_APPLICABLE


def test_stack_rule_without_its_resources_is_not_applicable() -> None:
    assert rule(report(QUICK), "cis-4-monitoring").verdict is Verdict.NOT_APPLICABLE


def test_rule_that_requires_a_resource_fails_without_it() -> None:
    assert rule(report(QUICK), "budget-exists").verdict is Verdict.FAIL


def test_disabled_rule_has_the_verdict_disabled() -> None:
    assert rule(report(STALE, environment="dev"), "kms-deletion-window").verdict is Verdict.DISABLED


def test_crashed_rule_fails_and_blocks_despite_a_waiver() -> None:
    stack = Stack("prod", "prod", TODAY)
    crash = Result(rule(report(SLOW), TIMEOUT).rule, SLOW.urn, Outcome.CRASH, ("KeyError",), waiver(TIMEOUT, SLOW))
    assessment = Assessment(PACK, stack, ResourceGraph("items-api", "prod", (SLOW,), {}), (crash,))
    found = rule(report_on(assessment, identity()), TIMEOUT)
    assert (found.verdict, found.blocks) == (Verdict.FAIL, True)


def test_control_has_the_worst_verdict_of_its_rules() -> None:
    found = control(report(STALE), "CIS3", "3.6")
    assert (found.verdict, [one.rule.name for one in found.rules]) == (Verdict.FAIL, ["kms-rotation"])


def test_control_without_its_main_resource_is_not_applicable() -> None:
    closed: dict[str, Any] = {"blockPublicAcls": True, "blockPublicPolicy": True, "ignorePublicAcls": True}
    block = resource(PUBLIC_BLOCK, "block", restrictPublicBuckets=True, **closed)
    found = control(report(resource(POLICY), block), "FSBP", "S3.2")
    assert found.verdict is Verdict.NOT_APPLICABLE  # no bucket is there, whatever else is
    assert {one.verdict for one in found.rules} == {Verdict.PASS, Verdict.NOT_APPLICABLE}


def test_control_lists_its_waivers() -> None:
    allowed = waiver("kms-rotation", STALE)
    found = control(report(STALE, waivers=(allowed,)), "CIS3", "3.6")
    ((urn, allowance),) = found.allowances
    assert (found.verdict, urn) == (Verdict.WAIVED, STALE.urn)
    assert (allowance.reason, allowance.owner, allowance.expires) == (allowed.reason, allowed.owner, allowed.expires)


def test_stack_that_breaks_a_mandatory_rule_is_blocked() -> None:
    assert report(STALE).blocked
    assert not replace(report(STALE), rules=()).blocked


def test_each_headline_counts_rules() -> None:
    whole = report(QUICK)
    passed = tuple(one for one in whole.rules if one.verdict is Verdict.PASS)
    warned = rule(report(SLOW, environment="dev"), TIMEOUT)
    blocked = rule(report(SLOW), TIMEOUT)
    assert replace(whole, rules=passed).headline == "Passed"
    assert replace(whole, rules=(*passed, warned)).headline == "Passed with warnings of 1 rule"
    assert replace(whole, rules=(*passed, warned, blocked, blocked)).headline == "Blocked by 2 rules"


def test_findings_are_sorted_from_blocking_to_waived() -> None:
    found = report(SLOW, STALE, UNSURE, waivers=(waiver("kms-rotation", STALE),)).findings
    kinds = list(dict.fromkeys((one.blocks, one.verdict) for _, one in found))
    assert kinds[0] == (True, Verdict.FAIL)
    assert kinds[1] == (True, Verdict.UNKNOWN)
    assert kinds[-1] == (False, Verdict.WAIVED)


def test_every_control_is_in_its_catalogue_once_and_the_counts_add_up() -> None:
    found = report(SLOW, STALE)
    assert sum(len(one.controls) for one in found.frameworks) == len(definitions())
    for one in found.frameworks:
        assert sum(map(one.count, Verdict)) == len(one.controls) == one.framework.size - one.not_mapped
        assert one.not_mapped >= 0


def test_controls_are_in_numeric_order() -> None:
    ids = ("4.10", "4.9", "KMS.12", "KMS.5", "CKV_AWS_100", "CKV_AWS_9")
    ordered = sorted((Control("CIS3", id_) for id_ in ids), key=order)
    assert [one.id for one in ordered] == ["4.9", "4.10", "CKV_AWS_9", "CKV_AWS_100", "KMS.5", "KMS.12"]


def test_type_without_a_rule_is_reported() -> None:
    assert report(resource("aws:gamelift/fleet:Fleet")).uncovered == ("aws:gamelift/fleet:Fleet",)


def test_no_rule_implements_a_declined_control() -> None:
    answered = {control for one in (*PACK.rules, *PACK.conditions) for control in one.controls}
    assert {one for entry in LEFT_OUT for one in entry.controls} & answered == set()


def test_control_without_a_rule_has_exactly_one_reason() -> None:
    left_out = [one for entry in LEFT_OUT for one in entry.controls]
    assert len(left_out) == len(set(left_out))


def test_unknown_catalogue_is_rejected() -> None:
    with pytest.raises(ValueError, match=f"unknown framework 'SOC3'; the known ones are {Framework.FSBP.name}"):
        controls("FSBP: KMS.1; SOC3: CC6.1")
