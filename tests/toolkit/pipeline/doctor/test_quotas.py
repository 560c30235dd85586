"""The doctor names what a new AWS account refuses at the first deployment."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.awslambda.models import LambdaBackend
from moto.awslambda.responses import LambdaResponse

from tests.support.aws import role_with
from tests.support.stacks import ROOT
from toolkit.engine import EngineError
from toolkit.engine.runs import StackRun
from toolkit.localcloud.aws.patches.lambda_ import patch_concurrency_quota
from toolkit.pipeline.doctor.aws import quotas
from toolkit.pipeline.doctor.model import CheckResult, Target
from toolkit.resource_types.apigatewayv2 import STAGE
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.stacks import evaluate

CALLER = "123456789012"  # moto's
DEV = Target("dev", ROOT, "eu-central-1", CALLER, None)
RESERVED = sum(
    function.inputs["reservedConcurrentExecutions"] for function in evaluate("dev", root=ROOT).of_type(FUNCTION)
)
_ROUTES = [setting for stage in evaluate("dev", root=ROOT).of_type(STAGE) for setting in stage.inputs["routeSettings"]]
ADMITTED = math.ceil(sum(each["throttlingBurstLimit"] + each["throttlingRateLimit"] for each in _ROUTES))
"""The requests in progress that the throttles of all routes admit; the alarm on the duration is at one second."""
FREE = 900 - RESERVED
"""What other functions may reserve of a quota of 1000: AWS keeps 100 unreserved."""


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setattr(LambdaBackend, "put_function_concurrency", LambdaBackend.put_function_concurrency)
    monkeypatch.setattr(LambdaResponse, "get_account_settings", None, raising=False)
    monkeypatch.setattr(StackRun, "outputs", not_deployed)
    patch_concurrency_quota()
    with mock_aws():
        yield


def not_deployed(_run: StackRun) -> dict[str, Any]:
    raise EngineError("no stack named 'dev' found")


def function_that_reserves(name: str, number: int) -> Callable[[], object]:
    """Create a function without a reservation, and return what reserves this number for it."""
    role = boto3.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    client, image = boto3.client("lambda", region_name=DEV.region), f"{CALLER}.dkr.ecr.{DEV.region}.amazonaws.com/a:1"
    client.create_function(FunctionName=name, Role=role, PackageType="Image", Code={"ImageUri": image})
    return lambda: client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=number)


def by_name(target: Target) -> dict[str, CheckResult]:
    return {check.name: check for check in quotas(target)}


@pytest.mark.parametrize("quota", [10, RESERVED + 99])
def test_small_quota_is_reported_with_the_command_that_raises_it(
    quota: int, account: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LambdaBackend, "concurrency_quota", quota)
    check = by_name(DEV)["Lambda concurrency"]
    assert not check.ok
    assert check.detail == (
        f"the quota of eu-central-1 is {quota}, but must be {RESERVED + 100} or more: "
        f"the stack reserves {RESERVED}, other functions reserve 0 and AWS keeps 100 unreserved"
    )
    assert check.fix == (
        "aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 "
        "--desired-value 1000 --region eu-central-1"
    )


@pytest.mark.parametrize("quota", [RESERVED + 100, 1000])
def test_sufficient_quota_passes(quota: int, account: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LambdaBackend, "concurrency_quota", quota)
    check = by_name(DEV)["Lambda concurrency"]
    assert check.ok
    assert f"{quota}, of which {quota} are unreserved" in check.detail


@pytest.mark.parametrize("others", [FREE, FREE + 1, 900])
@pytest.mark.parametrize("exists", [True, False])
def test_quota_used_up_by_other_functions_is_reported(
    others: int, exists: bool, account: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    function_that_reserves("others", others)()
    reserve = function_that_reserves("api-function", RESERVED)
    if exists:
        monkeypatch.setattr(StackRun, "outputs", lambda _run: {"function_name": "api-function"})
    check = by_name(DEV)["Lambda concurrency"]
    assert check.ok == (others == FREE)
    if check.ok:
        reserve()
        return
    assert check.detail == (
        f"the quota of eu-central-1 is 1000, but must be {others + RESERVED + 100} or more: "
        f"the stack reserves {RESERVED}, other functions reserve {others} and AWS keeps 100 unreserved"
    )
    assert f"--desired-value {others + RESERVED + 100} " in check.fix
    with pytest.raises(ClientError, match="below its minimum value of \\[100\\]"):
        reserve()


def test_existing_reservation_of_the_stack_is_counted_once(account: None, monkeypatch: pytest.MonkeyPatch) -> None:
    function_that_reserves("others", FREE)()
    function_that_reserves("api-function", RESERVED)()
    monkeypatch.setattr(StackRun, "outputs", lambda _run: {"function_name": "api-function"})
    check = by_name(DEV)["Lambda concurrency"]
    assert check.ok
    assert f"other functions reserve {FREE}" in check.detail


def test_function_that_is_missing_in_aws_reserves_nothing(account: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StackRun, "outputs", lambda _run: {"function_name": "gone"})
    assert by_name(DEV)["Lambda concurrency"].ok


@pytest.mark.parametrize(("quota", "enough"), [(10, False), (RESERVED, True), (1000, True)])
def test_function_without_a_reservation_requires_a_quota_for_its_throttles(
    quota: int, enough: bool, account: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = evaluate("dev", root=ROOT)
    resources = tuple(
        replace(one, inputs={key: value for key, value in one.inputs.items() if not key.startswith("reserved")})
        if one.type == FUNCTION
        else one
        for one in graph.resources
    )
    monkeypatch.setattr("toolkit.pipeline.doctor.aws.evaluate", lambda *_, **__: replace(graph, resources=resources))
    monkeypatch.setattr(LambdaBackend, "concurrency_quota", quota)

    check = by_name(DEV)["Lambda concurrency"]

    assert check.ok == enough
    if not enough:
        assert check.detail == (
            f"the throttles admit requests for {ADMITTED} instances of functions without reservedConcurrentExecutions, "
            "but 10 of the quota of eu-central-1, 10, are unreserved"
        )
        assert check.fix.startswith("lower the throttles, or: aws service-quotas request-service-quota-increase")


def test_stack_that_cannot_be_evaluated_is_reported(account: None) -> None:
    check = by_name(replace(DEV, stack="nowhere"))["Lambda concurrency"]
    assert not check.ok
    assert "nowhere" in check.detail


def test_readable_budgets_pass(account: None) -> None:
    assert by_name(DEV)["Billing access"].ok


def test_denied_budgets_are_reported_with_the_setting_of_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StackRun, "outputs", not_deployed)
    connection = role_with({"Effect": "Allow", "Action": "lambda:*", "Resource": "*"})
    monkeypatch.setenv("AWS_ENDPOINT_URL", connection.endpoint_url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", connection.access_key_id)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", connection.secret_access_key)
    monkeypatch.setenv("AWS_SESSION_TOKEN", connection.session_token or "")
    found = by_name(DEV)
    assert not found["Billing access"].ok
    assert found["Billing access"].detail == (
        f"AWS Budgets denies access to account {CALLER}, so no budget can be created"
    )
    assert "IAM user and role access to Billing information" in found["Billing access"].fix
    assert found["Lambda concurrency"].ok
