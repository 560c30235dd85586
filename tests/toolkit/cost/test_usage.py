"""The usage profile: its format, where it is read, and the errors of a wrong one."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel

from policies.pack import PACK
from policies.rules.budgets import budget_covers_estimate, worst_month_bounded
from tests.support.policy_servicer import TODAY, Subject, a_stack, whole_stack
from tests.support.priced import graph
from tests.support.stacks import ROOT
from toolkit.cost.usage import SCHEMA_FILE, Usage, UsageError, rendered_schema, usage_of
from toolkit.policy.assessment import assess
from toolkit.policy.crossguard import pack_policies
from toolkit.policy.evaluation import Outcome, evaluate_rules
from toolkit.policy.pack import describe_stack
from toolkit.policy.pack_server import PackServicer
from toolkit.policy.stack import Stack
from toolkit.resource_types.budgets import BUDGET
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.stacks import evaluate

KEY = "items-api:usage"
GOOD = {"requests": 1000, "duration-ms": 50}


@pytest.mark.parametrize(
    ("usage", "sentence"),
    [
        ({**GOOD, "requests": -1}, "requests is -1: it should be greater than or equal to 0."),
        ({**GOOD, "duration-ms": -0.5}, "duration-ms is -0.5: it should be greater than or equal to 0."),
        ({**GOOD, "cold-start-share": 2}, "cold-start-share is 2: it should be less than or equal to 1."),
        ({**GOOD, "items": 5}, "usage: items is now called table-items; rename it."),
        ({**GOOD, "attachments-gb": 5}, "attachments-gb is now called objects-gb; rename it."),
        ({**GOOD, "table-item-kb": 0}, "table-item-kb is 0: it should be greater than 0."),
        ({**GOOD, "requests": "many"}, "requests is 'many': it should be a valid integer."),
        ({**GOOD, "requests": True}, "requests is True: it should be a valid integer."),
        ({**GOOD, "duration-ms": float("inf")}, "duration-ms is inf: it should be a finite number."),
        ({**GOOD, "requets": 5}, "unknown key requets; remove it or correct its spelling."),
        ({"requests": 5}, "duration-ms is missing."),
        (
            {**GOOD, "account-kind": "student"},
            "account-kind is 'student': it should be 'none', 'credits' or 'legacy-12m'.",
        ),
        ([1], "it is [1]: it should be a valid dictionary or instance of Usage."),
        ("not json", "Pulumi.dev.yaml: items-api:usage is no mapping of keys to values; docs/cost.md describes it."),
    ],
)
def test_wrong_profile_is_refused_in_one_sentence(usage: Any, sentence: str) -> None:
    with pytest.raises(UsageError) as violated:
        usage_of({KEY: usage}, "items-api", "Pulumi.dev.yaml")

    assert sentence in str(violated.value)
    assert str(violated.value).startswith("Pulumi.dev.yaml")
    assert "\n" not in str(violated.value)


def test_missing_profile_is_refused_in_one_sentence() -> None:
    with pytest.raises(UsageError, match=r"^Pulumi.dev.yaml: config has no items-api:usage, so its cost is unknown"):
        usage_of({}, "items-api", "Pulumi.dev.yaml")


def test_profile_as_text_and_as_mapping_are_equal() -> None:
    assert usage_of({KEY: json.dumps(GOOD)}, "items-api", "F") == usage_of({KEY: GOOD}, "items-api", "F")


def test_schema_in_docs_equals_that_of_the_profile() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == rendered_schema(), "run: ./stack generate"


def test_every_key_is_in_the_docs(root: Path) -> None:
    text = (root / "docs" / "cost.md").read_text(encoding="utf-8")

    for field in Usage.model_fields.values():
        default = "required" if field.is_required() else field.default
        assert f"| `{field.alias}` | {default} | {field.description} |" in text


@pytest.mark.parametrize(("requests", "violated"), [(1000, set()), (10**9, {"budget-covers-estimate"})])
def test_rules_read_the_profile_from_the_configuration_of_the_engine(requests: int, violated: set[str]) -> None:
    pack = replace(PACK, rules=(budget_covers_estimate,))
    at_first = pack_policies([], Stack("", "prod", TODAY))
    # The SDK's methods carry no types.
    servicer: Any = PackServicer(pack, "items-api", "0.1.0", at_first, EnforcementLevel.ADVISORY)
    config = {"items-api:settings": '{"environment": "prod"}', KEY: json.dumps({**GOOD, "requests": requests})}
    servicer.ConfigureStack(proto.AnalyzerStackConfigureRequest(stack="prod", project="items-api", config=config), None)
    properties = {"budgetType": "COST", "limitAmount": "20", "timeUnit": "MONTHLY"}
    asked = (Subject(BUDGET, properties, "budget"), Subject("aws:apigatewayv2/stage:Stage", {}, "stage"))
    found = servicer.AnalyzeStack(whole_stack(*asked), None)

    assert {one.policyName for one in found.diagnostics} == violated


@pytest.mark.parametrize("usage", [None, {**GOOD, "requests": -1}])
def test_stack_without_a_usage_profile_is_a_violation(usage: Any) -> None:
    stack = describe_stack(PACK, "prod", "items-api", {KEY: usage})
    (result,) = evaluate_rules([budget_covers_estimate], graph(Subject(FUNCTION, {}, "function")), stack)

    assert result.outcome is Outcome.FAIL
    assert "has no usage, or an invalid one" in result.messages[0]


def test_stack_without_a_function_needs_no_profile() -> None:
    results = evaluate_rules([budget_covers_estimate, worst_month_bounded], graph(), a_stack())

    assert {result.outcome for result in results} == {Outcome.PASS}


def test_budget_limit_is_the_setting_that_the_rule_reads() -> None:
    program = evaluate("prod", root=ROOT)
    cheap = replace(
        program,
        resources=tuple(
            replace(one, inputs={**one.inputs, "limitAmount": "100"}) if one.type == BUDGET else one
            for one in program.resources
        ),
    )
    violated = [result.rule.name for result in assess(PACK, cheap, ROOT).blocking]

    assert violated == ["budget-covers-estimate", "worst-month-bounded"]
