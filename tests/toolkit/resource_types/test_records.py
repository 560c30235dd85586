"""Each resource type has one record, in the file of its AWS service."""

import re
from collections import Counter
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from botocore.session import get_session

import toolkit.resource_types as package
from toolkit.cost.services import SERVICES
from toolkit.resource_types.lookup import is_free, resource_type, resource_types
from toolkit.resource_types.record import REPLACES_ANY_TYPE, ResourceType
from toolkit.resource_types.taggable import sdk_sources

MODULES = {
    module.name: getattr(import_module(f"{package.__name__}.{module.name}"), "TYPES", ())
    for module in iter_modules(package.__path__)
    if not module.ispkg
}
NAMED_OTHERWISE = {"lambda": "lambda_", "s3control": "s3", "vpc": "ec2"}
OTHERS = "other_services"


def snake_case(name: str) -> str:
    return re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", name)


def service_of(token: str) -> str:
    service = token.split(":")[1].partition("/")[0]
    return NAMED_OTHERWISE.get(service, service)


def test_each_type_has_one_record() -> None:
    counts = Counter(record.token for records in MODULES.values() for record in records)

    assert {token: count for token, count in counts.items() if count > 1} == {}
    assert counts.keys() == resource_types().keys()


@pytest.mark.parametrize("module", [name for name, records in MODULES.items() if records and name != OTHERS])
def test_records_of_a_file_belong_to_its_service(module: str) -> None:
    assert {service_of(record.token) for record in MODULES[module]} <= {module}


def test_records_of_other_services_belong_to_no_file() -> None:
    assert {service_of(record.token) for record in MODULES[OTHERS]} & MODULES.keys() == set()


def test_no_type_is_both_free_and_priced() -> None:
    assert {token for token in SERVICES if resource_type(token).free} == set()


def test_type_without_record_has_no_facts() -> None:
    token = "aws:new/thing:Thing"

    assert resource_type(token) == ResourceType(token)
    assert resource_type(token).token not in resource_types()
    assert not is_free(token)


def test_s3_types_of_provider_version_6_have_the_record_of_their_successor() -> None:
    assert resource_type("aws:s3/bucketV2:BucketV2") is resource_type("aws:s3/bucket:Bucket")


@pytest.mark.parametrize(
    ("token", "taggable"), [("aws:s3/bucket:Bucket", True), ("aws:s3/bucketPolicy:BucketPolicy", False)]
)
def test_taggable_follows_the_sdk(token: str, taggable: bool) -> None:
    assert resource_type(token).taggable is taggable


@pytest.mark.parametrize(
    ("token", "free"),
    [
        ("aws:sns/topicPolicy:TopicPolicy", True),  # by its record
        ("aws:ram/resourceShare:ResourceShare", True),  # by its family
        ("aws:ec2/eip:Eip", False),
        ("aws:dynamodb/table:Table", False),
    ],
)
def test_free_types_are_recognized_by_record_or_family(token: str, free: bool) -> None:
    assert is_free(token) is free


@pytest.mark.parametrize(
    ("token", "name", "replaced"),
    [
        ("aws:dynamodb/table:Table", "rangeKey", True),
        ("aws:dynamodb/table:Table", "attributes", False),
        ("aws:dynamodb/table:Table", "globalSecondaryIndexes", False),
        ("aws:dynamodb/table:Table", "streamEnabled", False),
        ("aws:lambda/eventSourceMapping:EventSourceMapping", "functionName", False),
        ("aws:lambda/eventSourceMapping:EventSourceMapping", "startingPosition", True),
        ("aws:scheduler/schedule:Schedule", "scheduleExpression", False),
        ("aws:ssm/parameter:Parameter", "type", False),
        ("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "url", True),
        ("aws:iam/openIdConnectProvider:OpenIdConnectProvider", "clientIdLists", False),
        ("aws:codedeploy/application:Application", "name", False),
        ("aws:codedeploy/deploymentGroup:DeploymentGroup", "deploymentGroupName", False),
        ("aws:secretsmanager/secretVersion:SecretVersion", "secretString", True),
        ("aws:apigatewayv2/api:Api", "target", True),
        ("aws:lambda/function:Function", "tenancyConfig", True),
        ("aws:lambda/permission:Permission", "invokedViaFunctionUrl", True),
        ("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", "logDestinationConfigs", True),
        ("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", "loggingFilter", False),
    ],
)
def test_replacement_follows_the_provider(token: str, name: str, replaced: bool) -> None:
    assert (name in resource_type(token).replaced_by) is replaced


def test_records_omit_inputs_that_replace_any_type() -> None:
    assert {token for token, record in resource_types().items() if REPLACES_ANY_TYPE & {*record.replaced_by}} == set()


def test_replacing_inputs_are_inputs_of_the_installed_sdk() -> None:
    sources = sdk_sources()

    unknown = [
        f"{token}: {name}"
        for token, record in resource_types().items()
        for name in record.replaced_by
        if f"def {snake_case(name)}(self)" not in sources[token]
    ]

    assert unknown == []


NAMES_OF_AWS = {
    "aws:budgets/budget:Budget": ("budgets", "CreateBudget", "Budget.BudgetName"),
    "aws:cloudwatch/eventRule:EventRule": ("events", "PutRule", "Name"),
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": ("logs", "PutDeliverySource", "name"),
    "aws:cloudwatch/logGroup:LogGroup": ("logs", "CreateLogGroup", "logGroupName"),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ("cloudwatch", "PutMetricAlarm", "AlarmName"),
    "aws:codedeploy/application:Application": ("codedeploy", "CreateApplication", "applicationName"),
    "aws:codedeploy/deploymentGroup:DeploymentGroup": ("codedeploy", "CreateDeploymentGroup", "deploymentGroupName"),
    "aws:cognito/resourceServer:ResourceServer": ("cognito-idp", "CreateResourceServer", "Name"),
    "aws:cognito/userGroup:UserGroup": ("cognito-idp", "CreateGroup", "GroupName"),
    "aws:cognito/userPool:UserPool": ("cognito-idp", "CreateUserPool", "PoolName"),
    "aws:cognito/userPoolClient:UserPoolClient": ("cognito-idp", "CreateUserPoolClient", "ClientName"),
    "aws:cognito/userPoolDomain:UserPoolDomain": ("cognito-idp", "CreateUserPoolDomain", "Domain"),
    "aws:iam/policy:Policy": ("iam", "CreatePolicy", "PolicyName"),
    "aws:iam/role:Role": ("iam", "CreateRole", "RoleName"),
    "aws:iam/rolePolicy:RolePolicy": ("iam", "PutRolePolicy", "PolicyName"),
    "aws:iam/user:User": ("iam", "CreateUser", "UserName"),
    "aws:kms/alias:Alias": ("kms", "CreateAlias", "AliasName"),
    "aws:lambda/alias:Alias": ("lambda", "CreateAlias", "Name"),
    "aws:lambda/permission:Permission": ("lambda", "AddPermission", "StatementId"),
    "aws:scheduler/schedule:Schedule": ("scheduler", "CreateSchedule", "Name"),
    "aws:secretsmanager/secret:Secret": ("secretsmanager", "CreateSecret", "Name"),
    "aws:wafv2/webAcl:WebAcl": ("wafv2", "CreateWebACL", "Name"),
}
"""The parameter of AWS with the name; of other types botocore's models hold no length of a name."""


@pytest.mark.parametrize("token", NAMES_OF_AWS)
def test_longest_name_is_that_of_the_model_of_aws(token: str) -> None:
    service, operation, path = NAMES_OF_AWS[token]
    shape: Any = get_session().get_service_model(service).operation_model(operation).input_shape
    for member in path.split("."):
        shape = shape.members[member]
    form = resource_type(token).name

    assert form is not None
    assert form.longest == shape.metadata["max"]
