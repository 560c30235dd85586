"""The permissions boundaries of the pipeline's roles, and of the roles that a pipeline creates."""

import json

import pytest

from tests.support.accounts import ACCOUNTS, PREFIX, REGION, admits, arn, bootstrap_graph, boundary, may, named
from tests.support.stacks import ROOT
from toolkit.stacks import evaluate

EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
PROD = ACCOUNTS["prod"]
WORKLOAD = f"arn:aws:iam::{PROD}:policy/{PREFIX}-workload"
CI = f"arn:aws:iam::{PROD}:policy/{PREFIX}-ci"
OWN_ROLE = f"arn:aws:iam::{PROD}:role/{PREFIX}-deploy-prod"
FUNCTION_ROLE = f"arn:aws:iam::{PROD}:role/items-api-prod-api-role-0123456"
NEW_ROLE = f"arn:aws:iam::{PROD}:role/anything"


def even_with_everything(action: str, resource: str, **context: str) -> bool:
    """Return whether the boundary of a deploy role admits the action under a policy that allows everything."""
    return admits([EVERYTHING], action, resource, **context) and admits(
        [boundary("prod", "deploy-prod")], action, resource, **context
    )


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("iam:CreatePolicyVersion", CI),
        ("iam:CreatePolicyVersion", WORKLOAD),
        ("iam:SetDefaultPolicyVersion", CI),
        ("iam:DeletePolicy", CI),
        ("iam:DeletePolicyVersion", WORKLOAD),
        ("iam:CreatePolicy", f"arn:aws:iam::{PROD}:policy/mine"),
        ("iam:DeleteRolePermissionsBoundary", OWN_ROLE),
        ("iam:DeleteRolePermissionsBoundary", FUNCTION_ROLE),
        ("iam:PutRolePermissionsBoundary", OWN_ROLE),
        ("iam:PutRolePermissionsBoundary", FUNCTION_ROLE),
        ("iam:PutRolePolicy", OWN_ROLE),
        ("iam:AttachRolePolicy", OWN_ROLE),
        ("iam:DetachRolePolicy", OWN_ROLE),
        ("iam:UpdateAssumeRolePolicy", OWN_ROLE),
        ("iam:UpdateAssumeRolePolicy", f"arn:aws:iam::{PROD}:role/{PREFIX}-preview"),
        ("iam:DeleteRole", f"arn:aws:iam::{PROD}:role/{PREFIX}-plan"),
        ("iam:PassRole", f"arn:aws:iam::{PROD}:role/{PREFIX}-trail"),
    ],
)
def test_deploy_role_cannot_remove_its_permissions_boundary(action: str, resource: str) -> None:
    assert not even_with_everything(action, resource)
    assert not even_with_everything(action, resource, iam__permissionsboundary=CI)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("iam:CreateUser", f"arn:aws:iam::{PROD}:user/me"),
        ("iam:CreateAccessKey", f"arn:aws:iam::{PROD}:user/me"),
        ("iam:CreateLoginProfile", f"arn:aws:iam::{PROD}:user/me"),
        ("iam:AttachUserPolicy", f"arn:aws:iam::{PROD}:user/me"),
        ("iam:AddUserToGroup", f"arn:aws:iam::{PROD}:group/admins"),
        ("iam:CreateOpenIDConnectProvider", f"arn:aws:iam::{PROD}:oidc-provider/evil.example.com"),
        ("iam:AddClientIDToOpenIDConnectProvider", f"arn:aws:iam::{PROD}:oidc-provider/{PREFIX}"),
        ("iam:CreateSAMLProvider", f"arn:aws:iam::{PROD}:saml-provider/evil"),
        ("iam:UpdateAccountPasswordPolicy", "*"),
        ("sts:AssumeRole", NEW_ROLE),
        ("organizations:LeaveOrganization", "*"),
        ("ec2:RunInstances", "*"),
        ("cloudtrail:StopLogging", arn("prod", "cloudtrail", f"trail/{PREFIX}")),
        ("cloudtrail:DeleteTrail", arn("prod", "cloudtrail", f"trail/{PREFIX}")),
        ("s3:PutBucketPolicy", f"arn:aws:s3:::{PREFIX}-state-{PROD}"),
        ("s3:PutBucketVersioning", f"arn:aws:s3:::{PREFIX}-state-{PROD}"),
        ("s3:DeleteObjectVersion", f"arn:aws:s3:::{PREFIX}-state-{PROD}/.pulumi/stacks/items-api/prod.json"),
        ("s3:DeleteObject", f"arn:aws:s3:::{PREFIX}-trail-{PROD}/AWSLogs/x"),
        ("s3:GetObject", f"arn:aws:s3:::{PREFIX}-logs-{PROD}/x"),
        ("logs:DeleteLogGroup", arn("prod", "logs", f"log-group:/{PREFIX}/trail")),
        ("kms:UpdateAlias", arn("prod", "kms", f"alias/{PREFIX}-secrets")),
        ("sns:DeleteTopic", arn("prod", "sns", f"{PREFIX}-alerts-topic-0123456")),
        ("budgets:ModifyBudget", f"arn:aws:budgets::{PROD}:budget/{PREFIX}-account-budget-0123456"),
    ],
)
def test_deploy_role_cannot_change_users_or_bootstrap_resources(action: str, resource: str) -> None:
    assert not even_with_everything(action, resource)


@pytest.mark.parametrize(
    "action", ["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:UntagResource", "kms:CreateGrant"]
)
def test_bootstrap_key_is_protected_by_its_tag(action: str) -> None:
    key = arn("prod", "kms", "key/0")
    assert named(bootstrap_graph("prod"), "aws").inputs["defaultTags"].count(f'"project": "{PREFIX}"') == 1
    assert not even_with_everything(action, key, **{"aws:ResourceTag/project": PREFIX})
    assert even_with_everything(action, key, **{"aws:ResourceTag/project": "items-api"})


@pytest.mark.parametrize("action", ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"])
def test_role_can_be_created_only_with_workload_boundary(action: str) -> None:
    assert even_with_everything(action, FUNCTION_ROLE, iam__permissionsboundary=WORKLOAD)
    assert not even_with_everything(action, FUNCTION_ROLE, iam__permissionsboundary=CI)
    assert not even_with_everything(action, FUNCTION_ROLE)


@pytest.mark.parametrize(
    ("service", "allowed"),
    [
        ("ops.apigateway.amazonaws.com", True),
        ("wafv2.amazonaws.com", False),
        ("delivery.logs.amazonaws.com", False),
        ("budgets.amazonaws.com", False),
        ("email.cognito-idp.amazonaws.com", False),
        ("lambda.application-autoscaling.amazonaws.com", False),
    ],
)
def test_only_service_linked_role_of_api_gateway_can_be_created(service: str, allowed: bool) -> None:
    role = f"arn:aws:iam::{PROD}:role/aws-service-role/{service}/AWSServiceRoleForAPIGateway"
    context = {"iam__awsservicename": service}

    assert even_with_everything("iam:CreateServiceLinkedRole", role, **context) == allowed
    assert may("prod", "deploy-prod", "iam:CreateServiceLinkedRole", role, **context) == allowed
    assert not may("prod", "plan", "iam:CreateServiceLinkedRole", role, **context)


def test_service_linked_role_without_service_is_denied() -> None:
    assert not even_with_everything("iam:CreateServiceLinkedRole", NEW_ROLE)


@pytest.mark.parametrize("role", ["preview", "plan", "deploy-prod"])
def test_every_pipeline_role_has_ci_boundary(role: str) -> None:
    assert named(bootstrap_graph("prod"), f"{role}-role").inputs["permissionsBoundary"] == CI


@pytest.mark.parametrize("account", ACCOUNTS)
def test_every_role_of_stack_has_workload_boundary(account: str) -> None:
    boundaries = {
        role.name: role.inputs.get("permissionsBoundary")
        for role in evaluate(account, root=ROOT).of_type("aws:iam/role:Role")
    }
    workload = named(bootstrap_graph(account), "boundary-workload").outputs["arn"]

    assert boundaries == dict.fromkeys(boundaries, workload)
    assert "api-role" in boundaries
    assert bootstrap_graph(account).outputs["permissions_boundary"] == workload.rpartition("/")[2]


def test_role_of_local_stack_has_no_permissions_boundary() -> None:
    roles = evaluate("local", root=ROOT).of_type("aws:iam/role:Role")

    assert {role.inputs.get("permissionsBoundary") for role in roles} == {None}


@pytest.mark.parametrize("account", ACCOUNTS)
def test_workload_boundary_allows_actions_of_stack_roles(account: str) -> None:
    workload = named(bootstrap_graph(account), "boundary-workload").inputs["policy"]
    for policy in evaluate(account, root=ROOT).of_type("aws:iam/rolePolicy:RolePolicy"):
        for statement in json.loads(policy.inputs["policy"])["Statement"]:
            actions, on = statement["Action"], statement["Resource"]
            for action in [actions] if isinstance(actions, str) else actions:
                for resource in [on] if isinstance(on, str) else on:
                    assert admits([workload], action, resource), (action, resource)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("iam:CreateRole", NEW_ROLE),
        ("sts:AssumeRole", OWN_ROLE),
        ("lambda:UpdateFunctionCode", f"arn:aws:lambda:{REGION}:{PROD}:function:items-api-prod-api-function-0123456"),
        ("dynamodb:DeleteTable", f"arn:aws:dynamodb:{REGION}:{PROD}:table/items-api-prod-items-table-0123456"),
        ("s3:GetObject", f"arn:aws:s3:::{PREFIX}-state-{PROD}/.pulumi/stacks/items-api/prod.json"),
        ("kms:Decrypt", f"arn:aws:kms:{REGION}:{PROD}:key/0"),
        ("sns:Publish", arn("prod", "sns", f"{PREFIX}-alerts-topic-0123456")),
        ("sqs:SendMessage", arn("prod", "sqs", "another-project-orders-queue-0123456")),
        ("sqs:DeleteQueue", arn("prod", "sqs", "items-api-prod-orders-queue-0123456")),
        ("ssm:GetParameter", arn("prod", "ssm", "parameter/another-project/prod/password")),
        ("lambda:InvokeFunction", arn("prod", "lambda", "function:another-project-function-0123456")),
    ],
)
def test_function_cannot_escalate_its_permissions(action: str, resource: str) -> None:
    workload = named(bootstrap_graph("prod"), "boundary-workload").inputs["policy"]

    assert not (admits([EVERYTHING], action, resource) and admits([workload], action, resource))


@pytest.mark.parametrize(
    ("service", "allowed"),
    [
        (
            "lambda",
            True,
        ),  # environment variables: docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
        (
            "dynamodb",
            True,
        ),  # items: docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
        ("secretsmanager", True),  # docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
        ("s3", False),  # objects are encrypted by S3's own key
        ("sns", True),  # a publisher's data key: docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    ],
)
def test_function_decrypts_only_through_its_data_services(service: str, allowed: bool) -> None:
    workload = named(bootstrap_graph("prod"), "boundary-workload").inputs["policy"]
    key, through = f"arn:aws:kms:{REGION}:{PROD}:key/0", {"kms__viaservice": f"{service}.{REGION}.amazonaws.com"}

    assert admits([workload], "kms:Decrypt", key, **through) == allowed
    assert admits([workload], "kms:GenerateDataKey", key, **through) == (service == "sns")
    assert not admits([workload], "kms:Decrypt", key, **through, **{"aws:ResourceTag/project": PREFIX})


def test_deploy_role_passes_roles_only_to_lambda_codedeploy_and_scheduler() -> None:
    for service, allowed in (("lambda", True), ("codedeploy", True), ("scheduler", True), ("ec2", False)):
        context = {"iam__passedtoservice": f"{service}.amazonaws.com"}
        assert may("prod", "deploy-prod", "iam:PassRole", FUNCTION_ROLE, **context) == allowed
        assert not may("prod", "deploy-prod", "iam:PassRole", NEW_ROLE, **context)
