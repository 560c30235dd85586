"""The pipeline's roles allow every action in the life cycle of a stack's resources, and no others.

Calls and contexts come from life_cycle.yaml, resources and condition keys from service_authorization.yaml. The
bootstrap stack's own life cycle is not scored: an administrator runs it, whose permissions are not defined here.
"""

import json
import re
from collections.abc import Iterator

import pytest
import yaml

from infrastructure.bootstrap.managed_types import BY_TYPE
from tests.infrastructure.bootstrap import life_cycle
from tests.infrastructure.bootstrap.life_cycle import KEPT_IN_PROD, PHASES, REVIEW, Request, Score, Stack
from tests.infrastructure.bootstrap.service_authorization import reference
from tests.support.accounts import ACCOUNTS, BOOTSTRAP, PREFIX, REGION, arn, bootstrap_graph, may, policies, statements
from tests.support.declared import graph_with_each_part
from tests.support.stacks import ROOT, configured
from toolkit.stacks import ResourceGraph, evaluate

PROD = Stack("prod", "prod")
KEY = arn("prod", "kms", "key/0")
READING = re.compile(r"\w[\w-]*:(Describe|Get|List|View|GET)")


@pytest.fixture(scope="module")
def scores() -> dict[str, Score]:
    return {each.role: each for each in life_cycle.scores()}


def tagged(whose: str, project: str = "items-api", stack: str = "prod") -> dict[str, str]:
    """The condition keys of a request's or a resource's tags."""
    return {f"aws:{whose}Tag/project": project, f"aws:{whose}Tag/stack": stack}


def requests(stack: Stack, *phases: str) -> Iterator[Request]:
    """Return the requests of a stack's resources in these phases."""
    for section in ("types", "pipeline"):
        for type, calls in life_cycle.table()[section].items():
            about = [*([type] if section == "types" else []), *calls.get("about", [])]
            for phase in phases:
                for call in calls.get(phase, []):
                    yield from life_cycle.requests(call, about, stack)


def test_every_type_of_program_has_actions_and_life_cycle() -> None:
    provisioned = {"start-mode": "provisioned", "provisioned-concurrency": 1}
    function = {**json.loads(configured("prod")["items-api:settings"])["function"], **provisioned}
    graphs = [Stack(account, account).graph for account in ACCOUNTS]
    graphs.append(evaluate("prod", root=ROOT, config=configured("prod", function=function)))
    graphs.append(graph_with_each_part())
    types = {resource.type for graph in graphs for resource in graph.resources if resource.type.startswith("aws:")}

    assert types == BY_TYPE.keys() == life_cycle.table()["types"].keys()


@pytest.mark.parametrize("role", ["deploy-dev", "deploy-staging", "deploy-prod", "deploy-review", "destroy-review"])
def test_deploy_role_allows_every_action_of_its_stack(role: str, scores: dict[str, Score]) -> None:
    assert scores[role].failures == []


@pytest.mark.parametrize("account", ACCOUNTS)
def test_plan_role_can_read_every_type(account: str, scores: dict[str, Score]) -> None:
    assert scores[f"plan in {account}"].failures == []


@pytest.mark.parametrize("account", ACCOUNTS)
def test_workload_boundary_allows_actions_of_function_and_canary_deployment(
    account: str, scores: dict[str, Score]
) -> None:
    assert scores[f"workload in {account}"].failures == []


def test_denied_action_lowers_score() -> None:
    found = life_cycle.score("a role", lambda request: request.action != "kms:EnableKey", PROD, ("types",), PHASES)

    assert [line for line in found.failures if "Key" in line] == [
        f"Key update: kms:EnableKey denied on {key}" for key in PROD.arns("aws:kms/key:Key")
    ]


@pytest.mark.parametrize("action", sorted(KEPT_IN_PROD))
def test_deploy_role_of_prod_cannot_delete_data(action: str) -> None:
    for account, allowed in (("staging", True), ("prod", False)):
        asked = [each for each in requests(Stack(account, account), "delete") if each.action == action]
        assert asked
        for each in asked:
            assert may(account, f"deploy-{account}", action, each.resource, **each.context) == allowed


@pytest.mark.parametrize("role", ["preview", "plan"])
def test_plan_and_preview_roles_cannot_write(role: str) -> None:
    changing = [each for each in requests(PROD, "create", "update", "delete", "tag") if not READING.match(each.action)]

    assert len({each.action for each in changing}) > 100
    assert [each for each in changing if may("prod", role, each.action, each.resource, **each.context)] == []


@pytest.mark.parametrize("account", [*ACCOUNTS, "review"])
def test_every_allowed_action_has_supported_resource_type(account: str) -> None:
    """An action that AWS accepts on * only is never allowed by a statement that names resources."""
    for policy in bootstrap_graph(account).of_type("aws:iam/policy:Policy"):
        if policy.inputs["name"].endswith("-ci"):  # whole services
            continue
        for statement in statements(policy.inputs["policy"]):
            actions, resources = statement["Action"], statement["Resource"]
            if statement["Effect"] == "Deny":
                continue
            for action in [actions] if isinstance(actions, str) else actions:
                on = [resources] if isinstance(resources, str) else resources
                assert any(reference()[action].can_be_on(each) for each in on), (action, on)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("lambda:UpdateFunctionCode", arn("prod", "lambda", "function:another")),
        ("iam:CreateRole", f"arn:aws:iam::{ACCOUNTS['prod']}:role/admin"),
        ("logs:DeleteLogGroup", arn("prod", "logs", "log-group:/items-api/staging/function")),
        ("logs:DeleteLogGroup", arn("prod", "logs", "log-group:aws-waf-logs-items-api-prod-edge-edge:*")),
        ("logs:DeleteDeliverySource", arn("prod", "logs", "delivery-source:items-api-staging-edge")),
        ("cloudwatch:DeleteDashboards", f"arn:aws:cloudwatch::{ACCOUNTS['prod']}:dashboard/items-api-staging"),
        ("codedeploy:CreateDeployment", arn("prod", "codedeploy", "deploymentgroup:items-api-staging-d-0123456/live")),
        ("sqs:DeleteQueue", arn("prod", "sqs", "items-api-prod-orders-queue-0123456")),
        ("sqs:SetQueueAttributes", arn("prod", "sqs", "items-api-staging-orders-queue-0123456")),
        ("ssm:PutParameter", arn("prod", "ssm", "parameter/items-api/staging/greeting")),
        ("scheduler:CreateSchedule", arn("prod", "scheduler", "schedule/default/other-0123456")),
        ("kms:PutKeyPolicy", KEY),  # whose tags say that it is no one's
        ("kms:CreateKey", "*"),  # without the stack's tags
        ("dynamodb:GetItem", arn("prod", "dynamodb", "table/items-api-prod-items-table-0123456")),
        ("dynamodb:DescribeTable", arn("prod", "dynamodb", "table/items-api-staging-items-table-0123456")),
        ("s3:GetObject", "arn:aws:s3:::items-api-prod-attachments-bucket-0123456/attachments/x"),
        (
            "dynamodb:CreateTable",
            arn("prod", "dynamodb", "table/items-api-prod-items-table-0123456", region="us-west-2"),
        ),
    ],
)
def test_deploy_role_denies_other_actions(action: str, resource: str) -> None:
    context = {"iam__permissionsboundary": f"arn:aws:iam::{ACCOUNTS['prod']}:policy/{PREFIX}-workload"}
    assert not may("prod", "deploy-prod", action, resource, **context)


@pytest.mark.parametrize(
    "tags",
    [
        pytest.param({}, id="no tags"),
        pytest.param(tagged("Resource", project="other"), id="another project's"),
        pytest.param(tagged("Resource", stack="staging"), id="another stack's"),
        pytest.param(tagged("Resource", project=PREFIX), id="the bootstrap's"),
        pytest.param({"aws:ResourceTag/project": "items-api"}, id="no stack's"),
        pytest.param({"aws:ResourceTag/stack": "prod"}, id="no project's"),
    ],
)
def test_foreign_key_cannot_be_acquired_by_tagging(tags: dict[str, str]) -> None:
    assert not may("prod", "deploy-prod", "kms:TagResource", KEY, **tags, **tagged("Request"))


def test_deploy_role_cannot_retag_a_key_for_another_stack() -> None:
    own = tagged("Resource")

    assert may("prod", "deploy-prod", "kms:TagResource", KEY, **own, **{"aws:RequestTag/owner": "another-team"})
    assert may("prod", "deploy-prod", "kms:TagResource", KEY, **own, **tagged("Request"))
    assert not may("prod", "deploy-prod", "kms:TagResource", KEY, **own, **{"aws:RequestTag/stack": "staging"})
    assert not may("prod", "deploy-prod", "kms:TagResource", KEY, **own, **{"aws:RequestTag/project": "other"})


def test_key_is_created_only_with_tags_of_stack() -> None:
    for stack, allowed in (("prod", True), ("staging", False)):
        for action in ("kms:CreateKey", "kms:TagResource"):
            assert may("prod", "deploy-prod", action, "*", **tagged("Request", stack=stack)) == allowed


@pytest.mark.parametrize("action", ["kms:CreateAlias", "kms:EnableKeyRotation"])
def test_bootstrap_key_cannot_be_changed_with_permissions_for_untagged_keys(action: str) -> None:
    assert may("prod", "deploy-prod", action, KEY)
    assert not may("prod", "deploy-prod", action, KEY, **tagged("Resource", project=PREFIX))


def characters(graph: ResourceGraph) -> dict[str, int]:
    """Return the characters of each managed policy, without white space, which IAM does not count."""
    listed = graph.of_type("aws:iam/policy:Policy")
    return {policy.inputs["name"]: len("".join(policy.inputs["policy"].split())) for policy in listed}


@pytest.mark.parametrize("account", ACCOUNTS)
def test_new_function_queue_table_and_secret_need_no_administrator(account: str) -> None:
    for action, resource in (
        ("lambda:CreateFunction", arn(account, "lambda", f"function:items-api-{account}-orders-function-0123456")),
        ("iam:CreateRole", f"arn:aws:iam::{ACCOUNTS[account]}:role/items-api-{account}-orders-role-0123456"),
        ("logs:CreateLogGroup", arn(account, "logs", f"log-group:/items-api/{account}/orders")),
        ("sqs:CreateQueue", arn(account, "sqs", f"items-api-{account}-orders-queue-0123456")),
        ("dynamodb:CreateTable", arn(account, "dynamodb", f"table/items-api-{account}-orders-table-0123456")),
        ("secretsmanager:CreateSecret", arn(account, "secretsmanager", f"secret:items-api-{account}-payment-0123456")),
        ("s3:CreateBucket", f"arn:aws:s3:::items-api-{account}-orders-bucket-0123456"),
        ("scheduler:CreateSchedule", arn(account, "scheduler", f"schedule/default/items-api-{account}-nightly-0")),
    ):
        context = {"iam__permissionsboundary": f"arn:aws:iam::{ACCOUNTS[account]}:policy/{PREFIX}-workload"}
        assert may(account, f"deploy-{account}", action, resource, **context), action


@pytest.mark.parametrize("account", ["staging", "prod"])
def test_deploy_role_cannot_change_a_stack_of_another_account(account: str) -> None:
    """A role of dev reaches the personal stacks of its account, and no account but its own."""
    function = "function:items-api-dev-ana-api-function-0123456"

    assert may("dev", "deploy-dev", "lambda:UpdateFunctionCode", arn("dev", "lambda", function))
    assert not may("dev", "deploy-dev", "lambda:UpdateFunctionCode", arn(account, "lambda", function))
    other = arn("dev", "lambda", f"function:items-api-{account}-api-function-0123456")
    assert not may("dev", "deploy-dev", "lambda:UpdateFunctionCode", other)


@pytest.mark.parametrize("account", [*ACCOUNTS, "review"])
def test_every_policy_is_within_iam_limits(account: str) -> None:
    """A role has ten managed policies at most."""
    lengths = characters(bootstrap_graph(account))

    assert max(lengths.values()) <= 6144, lengths
    assert len(policies(account, f"deploy-{account}")) <= 10
    assert REGION in str(policies(account, f"deploy-{account}"))


def test_policies_of_many_stacks_with_long_names_are_within_iam_limits() -> None:
    config = yaml.safe_load((BOOTSTRAP / "Pulumi.dev.yaml").read_text())["config"]["items-api-bootstrap:settings"]
    stacks = [f"{letter}-stack-with-20-chars"[:20] for letter in "abcdefgh"]
    for of_the_account in ({"stacks": stacks}, {"stacks": [], "reviews": True}):
        settings = json.dumps({**config, "project": "a-project-of-20-char", **of_the_account})
        longest = {"items-api-bootstrap:settings": settings, "aws:region": "ap-southeast-1"}

        lengths = characters(evaluate("dev", root=BOOTSTRAP, config=longest))
        assert max(lengths.values()) <= 6144, lengths


def test_score_fits_terminal_and_has_no_color_if_disabled(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    assert life_cycle.main([]) == 0
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 100
    assert "\x1b" not in printed
    assert printed.endswith(
        "life cycle: 57 of 57 resource types pass (create, read, update, delete, tag) for every deploy role\n"
    )


def test_json_score_has_every_role(capsys: pytest.CaptureFixture[str]) -> None:
    assert life_cycle.main(["--json"]) == 0
    assert {"deploy-prod", "deploy-review", "destroy-review", "plan in prod", "workload in prod"} <= json.loads(
        capsys.readouterr().out
    ).keys()


def test_unknown_option_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert life_cycle.main(["--csv"]) == 2
    assert capsys.readouterr().err == "--csv is unknown; the only option is --json.\n"


def test_review_stack_has_names_of_its_own() -> None:
    groups = Stack(REVIEW, "review").arns("aws:cloudwatch/logGroup:LogGroup")

    assert groups
    assert all(REVIEW in group for group in groups)
