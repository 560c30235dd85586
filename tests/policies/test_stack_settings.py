"""Messages name a setting of the stack's file: it exists, and another value changes the result of the rule."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.definition import BUCKETS, FUNCTIONS
from infrastructure.settings.capacity import MAX_RESERVED_CONCURRENCY
from policies.pack import PACK
from policies.stack_settings import SETTINGS
from tests.support.policy_servicer import a_stack
from tests.support.reports import FUNCTION, resource
from toolkit.policy.assessment import Assessment, assess_offline
from toolkit.policy.evaluation import Outcome, evaluate_resource
from toolkit.policy.rule import ResourceRule
from toolkit.stacks.inputs import Inputs

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "settings.schema.json").read_text())
PATHS = sorted({setting.path for settings in SETTINGS.values() for setting in settings})
CHANGES: dict[str, tuple[str, str, Any]] = {
    "apigw-cors-bounded": ("dev", "api.cors-origins", ["*"]),
    "apigw-cors-https": ("dev", "api.cors-origins", ["http://x.example"]),
    "budget-covers-estimate": ("prod", "budget.monthly-usd", 1),
    "cognito-invited-only": ("prod", "sign-in.self-registration", True),
    "cognito-mfa": ("local", "sign-in.mfa", "required"),
    "cognito-client-no-password-flow": ("local", "sign-in.password-flow", False),
    "cognito-threat-protection": ("prod", "sign-in.tier", "PLUS"),
    "cognito-tier": ("prod", "sign-in.tier", "PLUS"),
    "dynamodb-max-throughput": ("prod", "data.max-reads-per-second", 5000),
    "dynamodb-pitr": ("dev", "data.point-in-time-recovery", False),
    "lambda-arm64": ("prod", "function.architecture", "x86_64"),
    "lambda-memory-cap": ("prod", "function.memory-mb", 3000),
    "lambda-reserved-concurrency": (
        "prod",
        "function.reserved-concurrency",
        MAX_RESERVED_CONCURRENCY - 2 * len(FUNCTIONS),
    ),
    "log-level-cap": ("dev", "function.log-level", "INFO"),
    "loggroup-retention": ("dev", "function.log-retention-days", 365),
    "s3-cors-bounded": ("dev", "api.cors-origins", ["*"]),
    "worst-month-bounded": ("prod", "data.max-writes-per-second", 5000),
}
"""By rule: a stack, a setting and another value. Other settings reject a value that violates their rule."""


def described(path: str) -> Any:
    """Return the schema of a setting."""
    config = SCHEMA["properties"]["config"]["properties"]
    if path == "aws:region":
        return config[path]
    found = resolved(config["items-api:settings"])
    for step in path.split("."):
        found = resolved(found["properties"][step])
    return found


def resolved(schema: Any) -> Any:
    for one in (schema, *schema.get("anyOf", ())):
        if "$ref" in one and one["$ref"].startswith("#"):
            return {**schema, **SCHEMA["$defs"][one["$ref"].rpartition("/")[2]]}
    return schema


@pytest.mark.parametrize("path", PATHS)
def test_named_setting_is_in_the_schema(path: str) -> None:
    assert described(path)


def test_every_rule_of_the_table_is_in_the_pack() -> None:
    assert SETTINGS.keys() <= {rule.name for rule in PACK.rules}


def test_every_message_part_of_the_table_is_in_a_message_of_its_rule() -> None:
    messages = {rule.name: " ".join(rule.checks) for rule in PACK.rules}
    for name, settings in SETTINGS.items():
        assert [one.message_part for one in settings if one.message_part not in messages[name]] == []


@pytest.mark.parametrize("rule", [rule for rule in CHANGES if BUCKETS or not rule.startswith("s3-")])
def test_another_value_of_the_setting_changes_the_rules_result(rule: str) -> None:
    stack, path, value = CHANGES[rule]
    assert path in {setting.path for setting in SETTINGS[rule]}
    settings = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())["config"]["items-api:settings"]
    before = outcomes(rule, unchanged(stack))
    *steps, last = path.split(".")
    holder = settings
    for step in steps:
        holder = holder.setdefault(step, {})
    holder[last] = value
    assert outcomes(rule, assess_offline(PACK, stack, ROOT, {"items-api:settings": json.dumps(settings)})) != before


@cache
def unchanged(stack: str) -> Assessment:
    return assess_offline(PACK, stack, ROOT)


def outcomes(rule: str, assessment: Assessment) -> set[tuple[str, Outcome]]:
    return {(one.urn, one.outcome) for one in assessment.results if one.rule.name == rule}


def test_message_names_the_setting_in_the_stack_file() -> None:
    (rule,) = (one for one in PACK.rules if one.name == "lambda-memory-cap")
    assert isinstance(rule, ResourceRule)
    function = resource(FUNCTION, memorySize=4096)
    result = evaluate_resource(rule, Inputs(function, function.inputs), a_stack())
    (message,) = result.messages
    assert message.endswith("; in Pulumi.prod.yaml: function.memory-mb: 128 to 1769")


def test_setting_for_aws_is_not_named_for_the_local_stack() -> None:
    urn = "urn:pulumi:local::items-api::aws:lambda/function:Function::api-function"
    stack = a_stack("local", name="local")
    assert stack.with_settings("lambda-runtime-supported", urn, "a message") == "a message"


def test_bootstrap_stack_has_no_settings_in_messages() -> None:
    urn = "urn:pulumi:prod::items-api-bootstrap::aws:cloudwatch/logGroup:LogGroup::http-access-logs"
    assert a_stack().with_settings("loggroup-retention", urn, "a message") == "a message"
