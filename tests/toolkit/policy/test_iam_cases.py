"""The evaluation of policies against a table of decisions that AWS documents, on plain values."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from toolkit.policy.iam.evaluation import BOUNDARY, SESSION, AppliedPolicies, PolicyResult, decide, evaluate_policies
from toolkit.policy.iam.principals import Principal

ACCOUNT = "111122223333"
CASES: dict[str, list[Any]] = yaml.safe_load(Path(__file__).with_name("iam_cases.yaml").read_text(encoding="utf-8"))
ROLE, SESSION_ARN = f"arn:aws:iam::{ACCOUNT}:role/app", f"arn:aws:sts::{ACCOUNT}:assumed-role/app/one"
PRINCIPALS = {
    "anonymous": Principal(),
    "federated": Principal(federated=f"arn:aws:iam::{ACCOUNT}:oidc-provider/example.com"),
    "service": Principal(service="lambda.amazonaws.com"),
    "session": Principal(SESSION_ARN, ACCOUNT, role_arn=ROLE, unique_id="AROAEXAMPLE"),
    "user": Principal(f"arn:aws:iam::{ACCOUNT}:user/ada", ACCOUNT, unique_id="AIDAEXAMPLE"),
}
OBJECT = "arn:aws:s3:::b/k"


def document(*statements: Mapping[str, Any], version: str | None = "2012-10-17") -> str:
    return json.dumps({**({"Version": version} if version else {}), "Statement": list(statements)})


def allow(**elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": "*", "Resource": "*", **elements}


def in_lower_case(context: Mapping[str, Any]) -> dict[str, Any]:
    return {key.lower(): tuple(value) if isinstance(value, list) else value for key, value in context.items()}


@pytest.mark.parametrize(("_source", "condition", "context", "applies"), CASES["conditions"])
def test_condition_holds_as_documented(_source: str, condition: Any, context: dict[str, Any], applies: bool) -> None:
    policy = document(allow(Condition=condition))
    assert (
        evaluate_policies([policy], "s3:GetObject", OBJECT, in_lower_case(context)) is PolicyResult.ALLOWED
    ) is applies


@pytest.mark.parametrize(("_source", "elements", "action", "resource", "context", "applies"), CASES["patterns"])
def test_action_and_resource_match_as_documented(
    _source: str, elements: Any, action: str, resource: str, context: dict[str, Any], applies: bool
) -> None:
    policy = document({"Effect": "Allow", **elements})
    assert (evaluate_policies([policy], action, resource, in_lower_case(context)) is PolicyResult.ALLOWED) is applies


@pytest.mark.parametrize(("_source", "element", "principal", "allowed"), CASES["principals"])
def test_principal_is_named_as_documented(_source: str, element: Any, principal: str, allowed: bool) -> None:
    policies = AppliedPolicies(resource=document(allow(**element)))
    assert (decide(PRINCIPALS[principal], "s3:GetObject", OBJECT, {}, policies) is None) is allowed


@pytest.mark.parametrize(("_source", "named", "principal", "allowed"), CASES["not_principals"])
def test_not_principal_exempts_as_documented(_source: str, named: Any, principal: str, allowed: bool) -> None:
    denial = {"Effect": "Deny", "NotPrincipal": named, "Action": "*", "Resource": "*"}
    policy = document(allow(Principal="*"), denial)
    policies = AppliedPolicies(resource=policy)
    assert (decide(PRINCIPALS[principal], "s3:GetObject", OBJECT, {}, policies) is None) is allowed


@pytest.mark.parametrize("case", CASES["combinations"], ids=str)
def test_policies_combine_as_documented(case: dict[str, Any]) -> None:
    principal = PRINCIPALS[case["principal"]]
    named = {
        "itself": {"AWS": principal.arn},
        "role": {"AWS": ROLE},
        "account": {"AWS": ACCOUNT},
        "other": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/bob"},
        "everyone": "*",
    }
    resource = [
        allow(Effect=effect.capitalize(), Principal=named[who]) for who, effect in case.get("resource", {}).items()
    ]
    limits = {
        kind: (answering(case[name]),) for name, kind in (("boundary", BOUNDARY), ("session", SESSION)) if name in case
    }
    policies = AppliedPolicies(
        (answering(case.get("identity", "")),),
        limits,
        resource=document(*resource) if resource else None,
        resource_must_allow=case.get("must-allow", False),
    )
    denial = decide(principal, "s3:GetObject", OBJECT, {}, policies)
    decision = "allow" if denial is None else f"{denial.kind}{'!' if denial.explicit else ''}"
    assert decision == case["decision"]


def answering(effect: str) -> str:
    return document(*([allow(Effect=effect.capitalize())] if effect else []))


@pytest.mark.parametrize("version", ["2008-10-17", None])
def test_variable_is_plain_text_in_old_policy_version(version: str | None) -> None:
    policy = document(allow(Condition={"StringEquals": {"s3:prefix": "${aws:username}"}}), version=version)
    context = {"aws:username": "ada"}
    assert evaluate_policies([policy], "s3:ListBucket", OBJECT, {**context, "s3:prefix": "ada"}) is PolicyResult.SILENT
    assert (
        evaluate_policies([policy], "s3:ListBucket", OBJECT, {**context, "s3:prefix": "${aws:username}"})
        is PolicyResult.ALLOWED
    )


@pytest.mark.parametrize("operator", ["StringMatches", "ForSomeValues:StringEquals", "NotStringEquals", "NullIfExists"])
def test_unknown_operator_denies_and_is_logged(operator: str, caplog: pytest.LogCaptureFixture) -> None:
    policy = document(allow(), allow(Condition={operator: {"aws:username": "ada"}}))
    assert evaluate_policies([policy], "s3:GetObject", OBJECT, {"aws:username": "ada"}) is PolicyResult.DENIED
    assert f"unknown condition operator {operator}" in caplog.text


@pytest.mark.parametrize("text", ["{", "[]", "3", '{"Statement": 3}', '{"Statement": [{"Effect": "allow"}]}', "{}"])
def test_document_that_cannot_be_read_denies(text: str) -> None:
    assert evaluate_policies([document(allow()), text], "s3:GetObject", OBJECT, {}) is PolicyResult.DENIED
