"""Each call is evaluated on the resource that AWS's Service Authorization Reference names for it."""

from types import SimpleNamespace
from typing import Any

import pytest
from moto.codedeploy.models import codedeploy_backends

from tests.support.aws import ACCOUNT, role_with, shared_aws, unique
from tests.support.iam import allow, answer, document, role_arn
from toolkit.localcloud.aws.authorization.service_requirements import requirements_of
from toolkit.localcloud.connection import AwsConnection

DENIED = {"AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation"}
HERE = f"us-east-1:{ACCOUNT}"
QUEUE = f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/mine"
TOPIC = f"arn:aws:sns:{HERE}:mine"
SUBSCRIPTION = f"{TOPIC}:0d3e8f1c-0000-0000-0000-000000000000"
MAPPING = "mine0000-0000-0000-0000-000000000000"
FUNCTION = f"arn:aws:lambda:{HERE}:function:mine"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/mine"
GROUP = f"arn:aws:logs:{HERE}:log-group:/mine:log-stream:"
PARAMETER = f"arn:aws:ssm:{HERE}:parameter/mine/one"
SCHEDULE = f"arn:aws:scheduler:{HERE}:schedule/default/mine"
RULE = f"arn:aws:events:{HERE}:rule/mine"
POOL = f"arn:aws:cognito-idp:{HERE}:userpool/us-east-1_mine"
BUDGET = f"arn:aws:budgets::{ACCOUNT}:budget/mine"
ACCOUNT_ID = {"AccountId": ACCOUNT}
TARGET = {"Arn": FUNCTION, "RoleArn": ROLE}
SCHEDULED = {"Name": "mine", "ScheduleExpression": "rate(1 hour)", "FlexibleTimeWindow": {"Mode": "OFF"}}
ENTRY = {"Source": "api", "DetailType": "created", "Detail": "{}"}
TAG = [{"Key": "a", "Value": "b"}]
APPLICATION = f"arn:aws:codedeploy:{HERE}:application:mine"
DEPLOYMENTS = f"arn:aws:codedeploy:{HERE}:deploymentgroup:mine"

CALLS: list[tuple[str, str, dict[str, Any], dict[str, str]]] = [
    ("sqs", "send_message", {"QueueUrl": QUEUE, "MessageBody": "x"}, {"sqs:SendMessage": f"arn:aws:sqs:{HERE}:mine"}),
    (
        "sqs",
        "send_message_batch",
        {"QueueUrl": QUEUE, "Entries": [{"Id": "a", "MessageBody": "x"}]},
        {"sqs:SendMessage": f"arn:aws:sqs:{HERE}:mine"},
    ),
    (
        "sqs",
        "delete_message_batch",
        {"QueueUrl": QUEUE, "Entries": [{"Id": "a", "ReceiptHandle": "x"}]},
        {"sqs:DeleteMessage": f"arn:aws:sqs:{HERE}:mine"},
    ),
    ("sqs", "receive_message", {"QueueUrl": QUEUE}, {"sqs:ReceiveMessage": f"arn:aws:sqs:{HERE}:mine"}),
    ("sqs", "get_queue_url", {"QueueName": "mine"}, {"sqs:GetQueueUrl": f"arn:aws:sqs:{HERE}:mine"}),
    ("sqs", "create_queue", {"QueueName": "mine"}, {"sqs:CreateQueue": f"arn:aws:sqs:{HERE}:mine"}),
    ("sqs", "list_queues", {}, {"sqs:ListQueues": "*"}),
    ("sns", "publish", {"TopicArn": TOPIC, "Message": "x"}, {"sns:Publish": TOPIC}),
    (
        "sns",
        "publish_batch",
        {"TopicArn": TOPIC, "PublishBatchRequestEntries": [{"Id": "a", "Message": "x"}]},
        {"sns:Publish": TOPIC},
    ),
    ("sns", "subscribe", {"TopicArn": TOPIC, "Protocol": "lambda", "Endpoint": FUNCTION}, {"sns:Subscribe": TOPIC}),
    ("sns", "create_topic", {"Name": "mine"}, {"sns:CreateTopic": TOPIC}),
    ("sns", "list_tags_for_resource", {"ResourceArn": TOPIC}, {"sns:ListTagsForResource": TOPIC}),
    ("sns", "unsubscribe", {"SubscriptionArn": SUBSCRIPTION}, {"sns:Unsubscribe": "*"}),
    (
        "sns",
        "get_subscription_attributes",
        {"SubscriptionArn": SUBSCRIPTION},
        {"sns:GetSubscriptionAttributes": "*"},
    ),
    ("sns", "list_topics", {}, {"sns:ListTopics": "*"}),
    ("events", "put_events", {"Entries": [ENTRY]}, {"events:PutEvents": f"arn:aws:events:{HERE}:event-bus/default"}),
    (
        "events",
        "put_events",
        {"Entries": [{**ENTRY, "EventBusName": "mine"}]},
        {"events:PutEvents": f"arn:aws:events:{HERE}:event-bus/mine"},
    ),
    ("events", "put_rule", {"Name": "mine", "ScheduleExpression": "rate(1 hour)"}, {"events:PutRule": RULE}),
    (
        "events",
        "describe_rule",
        {"Name": "mine", "EventBusName": "bus"},
        {"events:DescribeRule": f"arn:aws:events:{HERE}:rule/bus/mine"},
    ),
    (
        "events",
        "put_targets",
        {"Rule": "mine", "Targets": [{"Id": "a", **TARGET}]},
        {"events:PutTargets": RULE, "iam:PassRole": ROLE},
    ),
    (
        "events",
        "delete_event_bus",
        {"Name": "mine"},
        {"events:DeleteEventBus": f"arn:aws:events:{HERE}:event-bus/mine"},
    ),
    ("events", "list_rules", {}, {"events:ListRules": "*"}),
    (
        "scheduler",
        "create_schedule",
        {**SCHEDULED, "Target": TARGET},
        {"scheduler:CreateSchedule": SCHEDULE, "iam:PassRole": ROLE},
    ),
    ("scheduler", "get_schedule", {"Name": "mine"}, {"scheduler:GetSchedule": SCHEDULE}),
    (
        "scheduler",
        "delete_schedule",
        {"Name": "mine", "GroupName": "group"},
        {"scheduler:DeleteSchedule": f"arn:aws:scheduler:{HERE}:schedule/group/mine"},
    ),
    (
        "scheduler",
        "get_schedule_group",
        {"Name": "mine"},
        {"scheduler:GetScheduleGroup": f"arn:aws:scheduler:{HERE}:schedule-group/mine"},
    ),
    ("scheduler", "list_schedules", {}, {"scheduler:ListSchedules": "*"}),
    ("ssm", "get_parameter", {"Name": "/mine/one"}, {"ssm:GetParameter": PARAMETER}),
    ("ssm", "get_parameter", {"Name": "/mine/one:3"}, {"ssm:GetParameter": PARAMETER}),
    ("ssm", "get_parameter", {"Name": PARAMETER}, {"ssm:GetParameter": PARAMETER}),
    ("ssm", "get_parameters", {"Names": ["/mine/one"]}, {"ssm:GetParameters": PARAMETER}),
    (
        "ssm",
        "get_parameters_by_path",
        {"Path": "/mine"},
        {"ssm:GetParametersByPath": f"arn:aws:ssm:{HERE}:parameter/mine"},
    ),
    ("ssm", "put_parameter", {"Name": "/mine/one", "Value": "x", "Type": "String"}, {"ssm:PutParameter": PARAMETER}),
    (
        "ssm",
        "add_tags_to_resource",
        {"ResourceType": "Parameter", "ResourceId": "/mine/one", "Tags": TAG},
        {"ssm:AddTagsToResource": PARAMETER},
    ),
    ("ssm", "describe_parameters", {}, {"ssm:DescribeParameters": "*"}),
    ("lambda", "get_function", {"FunctionName": "mine"}, {"lambda:GetFunction": FUNCTION}),
    (
        "lambda",
        "invoke",
        {"FunctionName": "mine", "Qualifier": "live"},
        {"lambda:InvokeFunction": f"{FUNCTION}:live"},
    ),
    ("lambda", "get_alias", {"FunctionName": "mine", "Name": "live"}, {"lambda:GetAlias": FUNCTION}),
    (
        "lambda",
        "create_event_source_mapping",
        {"FunctionName": "mine", "EventSourceArn": f"arn:aws:sqs:{HERE}:mine"},
        {"lambda:CreateEventSourceMapping": "*"},
    ),
    (
        "lambda",
        "delete_event_source_mapping",
        {"UUID": MAPPING},
        {"lambda:DeleteEventSourceMapping": f"arn:aws:lambda:{HERE}:event-source-mapping:{MAPPING}"},
    ),
    (
        "lambda",
        "put_function_event_invoke_config",
        {"FunctionName": "mine", "Qualifier": "live"},
        {"lambda:PutFunctionEventInvokeConfig": f"{FUNCTION}:live"},
    ),
    (
        "lambda",
        "get_layer_version",
        {"LayerName": "mine", "VersionNumber": 3},
        {"lambda:GetLayerVersion": f"arn:aws:lambda:{HERE}:layer:mine:3"},
    ),
    ("lambda", "list_functions", {}, {"lambda:ListFunctions": "*"}),
    ("logs", "create_log_group", {"logGroupName": "/mine"}, {"logs:CreateLogGroup": GROUP}),
    (
        "logs",
        "create_log_stream",
        {"logGroupName": "/mine", "logStreamName": "one"},
        {"logs:CreateLogStream": f"{GROUP}one"},
    ),
    (
        "logs",
        "get_log_events",
        {"logGroupIdentifier": f"arn:aws:logs:{HERE}:log-group:/mine", "logStreamName": "one"},
        {"logs:GetLogEvents": f"{GROUP}one"},
    ),
    ("logs", "filter_log_events", {"logGroupName": "/mine"}, {"logs:FilterLogEvents": GROUP}),
    ("logs", "describe_resource_policies", {}, {"logs:DescribeResourcePolicies": "*"}),
    (
        "codedeploy",
        "create_application",
        {"applicationName": "mine", "computePlatform": "Lambda"},
        {"codedeploy:CreateApplication": APPLICATION},
    ),
    (
        "codedeploy",
        "create_deployment_group",
        {"applicationName": "mine", "deploymentGroupName": "group", "serviceRoleArn": ROLE},
        {"codedeploy:CreateDeploymentGroup": f"{DEPLOYMENTS}/group", "iam:PassRole": ROLE},
    ),
    (
        "codedeploy",
        "list_deployment_groups",
        {"applicationName": "mine"},
        {"codedeploy:ListDeploymentGroups": APPLICATION},
    ),
    (
        "codedeploy",
        "get_deployment_config",
        {"deploymentConfigName": "mine"},
        {"codedeploy:GetDeploymentConfig": f"arn:aws:codedeploy:{HERE}:deploymentconfig:mine"},
    ),
    ("codedeploy", "stop_deployment", {"deploymentId": "d-mine"}, {"codedeploy:StopDeployment": "*"}),
    (
        "cognito-idp",
        "admin_get_user",
        {"UserPoolId": "us-east-1_mine", "Username": "ada"},
        {"cognito-idp:AdminGetUser": POOL},
    ),
    (
        "cognito-idp",
        "admin_user_global_sign_out",
        {"UserPoolId": "us-east-1_mine", "Username": "ada"},
        {"cognito-idp:AdminUserGlobalSignOut": POOL},
    ),
    ("cognito-idp", "list_user_pools", {"MaxResults": 1}, {"cognito-idp:ListUserPools": "*"}),
    (
        "cognito-idp",
        "describe_user_pool_domain",
        {"Domain": "mine"},
        {"cognito-idp:DescribeUserPoolDomain": "*"},
    ),
    (
        "cloudwatch",
        "set_alarm_state",
        {"AlarmName": "mine", "StateValue": "OK", "StateReason": "x"},
        {"cloudwatch:SetAlarmState": f"arn:aws:cloudwatch:{HERE}:alarm:mine"},
    ),
    (
        "cloudwatch",
        "describe_alarms_for_metric",
        {"Namespace": "a", "MetricName": "b"},
        {"cloudwatch:DescribeAlarmsForMetric": "*"},
    ),
    ("cloudwatch", "put_metric_data", {"Namespace": "mine", "MetricData": []}, {"cloudwatch:PutMetricData": "*"}),
    ("budgets", "describe_budget", {**ACCOUNT_ID, "BudgetName": "mine"}, {"budgets:ViewBudget": BUDGET}),
    (
        "budgets",
        "create_budget",
        {**ACCOUNT_ID, "Budget": {"BudgetName": "mine", "BudgetType": "COST", "TimeUnit": "MONTHLY"}},
        {"budgets:ModifyBudget": BUDGET},
    ),
    ("budgets", "delete_budget", {**ACCOUNT_ID, "BudgetName": "mine"}, {"budgets:ModifyBudget": BUDGET}),
    (
        "apigatewayv2",
        "get_routes",
        {"ApiId": "mine"},
        {"apigateway:GET": "arn:aws:apigateway:us-east-1::/apis/mine/routes"},
    ),
    (
        "apigatewayv2",
        "create_integration",
        {"ApiId": "mine", "IntegrationType": "AWS_PROXY", "CredentialsArn": ROLE},
        {"apigateway:POST": "arn:aws:apigateway:us-east-1::/apis/mine/integrations", "iam:PassRole": ROLE},
    ),
    ("iam", "get_role", {"RoleName": "mine"}, {"iam:GetRole": ROLE}),
    ("iam", "list_roles", {}, {"iam:ListRoles": "*"}),
    ("kms", "list_keys", {}, {"kms:ListKeys": "*"}),
    ("kms", "create_key", {}, {"kms:CreateKey": "*"}),
    ("secretsmanager", "list_secrets", {}, {"secretsmanager:ListSecrets": "*"}),
]


def refused(role: AwsConnection, service: str, call: str, arguments: dict[str, Any]) -> bool:
    """Whether the call is denied; the resource need not exist, and the body of a response need not be read."""
    return answer(role.client(service), call, **arguments) in DENIED


def other(resource: str) -> str:
    """An ARN of the same kind that names another resource; of `*`, some ARN."""
    return resource.replace("mine", "other").replace("default", "other") if resource != "*" else f"arn:aws:sqs:{HERE}:x"


@pytest.fixture(scope="module")
def role() -> AwsConnection:
    return role_with()


def permit(role: AwsConnection, grants: dict[str, str]) -> None:
    statements = [allow(action, resource) for action, resource in grants.items()]
    shared_aws().connection.client("iam").put_role_policy(
        RoleName=role_arn(role).rpartition("/")[2], PolicyName="only", PolicyDocument=document(*statements)
    )


@pytest.mark.parametrize(
    ("service", "call", "arguments", "grants"), CALLS, ids=[f"{each[0]}.{each[1]}-{i}" for i, each in enumerate(CALLS)]
)
def test_call_needs_permission_for_the_resource_that_it_names(
    role: AwsConnection, service: str, call: str, arguments: dict[str, Any], grants: dict[str, str]
) -> None:
    permit(role, grants)
    assert not refused(role, service, call, arguments)
    permit(role, dict.fromkeys(grants, "*"))
    assert not refused(role, service, call, arguments)
    for action in grants:
        permit(role, {**grants, action: other(grants[action])})
        assert refused(role, service, call, arguments), action


def test_each_entry_of_a_call_needs_its_permission(role: AwsConnection) -> None:
    permit(role, {"ssm:GetParameters": PARAMETER, "events:PutEvents": f"arn:aws:events:{HERE}:event-bus/default"})
    assert answer(role.client("ssm"), "get_parameters", Names=["/mine/one"]) == "ok"
    assert refused(role, "ssm", "get_parameters", {"Names": ["/mine/one", "/mine/two"]})
    assert refused(role, "events", "put_events", {"Entries": [ENTRY, {**ENTRY, "EventBusName": "other"}]})


def test_subscription_is_limited_by_its_protocol() -> None:
    role = role_with(allow("sns:Subscribe", TOPIC, Condition={"StringEquals": {"sns:Protocol": "lambda"}}))
    subscription = {"TopicArn": TOPIC, "Endpoint": FUNCTION}
    assert not refused(role, "sns", "subscribe", {**subscription, "Protocol": "lambda"})
    assert refused(role, "sns", "subscribe", {**subscription, "Protocol": "sqs"})


def test_event_source_mapping_is_limited_to_its_function() -> None:
    role = role_with(
        allow("lambda:CreateEventSourceMapping", "*", Condition={"ArnEquals": {"lambda:FunctionArn": FUNCTION}})
    )
    source = {"EventSourceArn": f"arn:aws:sqs:{HERE}:mine"}
    assert not refused(role, "lambda", "create_event_source_mapping", {**source, "FunctionName": f"{FUNCTION}:live"})
    assert refused(role, "lambda", "create_event_source_mapping", {**source, "FunctionName": "other"})


def test_role_is_passed_only_to_the_service_of_the_condition() -> None:
    condition = {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}
    role = role_with(allow("iam:PassRole", ROLE, Condition=condition), allow(["scheduler:*", "events:*"]))
    assert not refused(role, "scheduler", "create_schedule", {**SCHEDULED, "Target": TARGET})
    assert refused(role, "events", "put_targets", {"Rule": "mine", "Targets": [{"Id": "a", **TARGET}]})


def test_deployment_is_evaluated_on_its_deployment_group() -> None:
    deployment: Any = SimpleNamespace(application_name="mine", deployment_group_name="group")
    codedeploy_backends[ACCOUNT]["us-east-1"].deployments["d-mine"] = deployment
    handler = SimpleNamespace(
        current_account=ACCOUNT, region="us-east-1", params={"deploymentId": "d-mine"}, uri_match={}
    )
    (need,) = requirements_of("codedeploy", "GetDeployment", handler)
    assert (need.action, need.resource) == ("codedeploy:GetDeployment", f"{DEPLOYMENTS}/group")


@pytest.fixture(scope="module")
def key() -> str:
    return str(shared_aws().connection.client("kms").create_key()["KeyMetadata"]["Arn"])


def test_encrypted_queue_needs_its_key_through_sqs(key: str) -> None:
    sqs = shared_aws().connection.client("sqs")
    queue = sqs.create_queue(QueueName=unique("queue"), Attributes={"KmsMasterKeyId": key})["QueueUrl"]
    message = {"QueueUrl": queue, "MessageBody": "x"}
    assert refused(role_with(allow("sqs:*")), "sqs", "send_message", message)
    through = {"StringEquals": {"kms:ViaService": "sqs.us-east-1.amazonaws.com"}}
    sender = role_with(allow("sqs:*"), allow(["kms:GenerateDataKey", "kms:Decrypt"], key, Condition=through))
    assert answer(sender.client("sqs"), "send_message", **message) == "ok"
    assert refused(sender, "kms", "generate_data_key", {"KeyId": key, "KeySpec": "AES_256"})
    reader = role_with(allow("sqs:*"), allow("kms:Decrypt", key))
    assert answer(reader.client("sqs"), "receive_message", QueueUrl=queue) == "ok"
    assert refused(reader, "sqs", "send_message", message)


def test_encrypted_topic_needs_its_key(key: str) -> None:
    name = unique("topic")
    topic = shared_aws().connection.client("sns").create_topic(Name=name, Attributes={"KmsMasterKeyId": key})
    message = {"TopicArn": topic["TopicArn"], "Message": "x"}
    assert refused(role_with(allow("sns:Publish")), "sns", "publish", message)
    uses = allow(["kms:GenerateDataKey*", "kms:Decrypt"], key)
    assert answer(role_with(allow("sns:Publish"), uses).client("sns"), "publish", **message) == "ok"


def test_encrypted_parameter_is_decrypted_with_its_encryption_context(key: str) -> None:
    ssm, name = shared_aws().connection.client("ssm"), f"/{unique('mine')}/one"
    ssm.put_parameter(Name=name, Value="x", Type="SecureString", KeyId=key)
    own = f"arn:aws:ssm:{HERE}:parameter{name}"

    def reader(parameter: str) -> AwsConnection:
        condition = {"StringEquals": {"kms:EncryptionContext:PARAMETER_ARN": parameter}}
        return role_with(allow("ssm:GetParameter"), allow("kms:Decrypt", key, Condition=condition))

    assert answer(reader(own).client("ssm"), "get_parameter", Name=name, WithDecryption=True) == "ok"
    assert answer(reader(f"{own}x").client("ssm"), "get_parameter", Name=name) == "ok"
    assert refused(reader(f"{own}x"), "ssm", "get_parameter", {"Name": own, "WithDecryption": True})


def test_secret_is_decrypted_with_its_own_key(key: str) -> None:
    secrets = shared_aws().connection.client("secretsmanager")
    secret = secrets.create_secret(Name=unique("secret"), SecretString="x", KmsKeyId=key)["ARN"]
    assert refused(role_with(allow("secretsmanager:*")), "secretsmanager", "get_secret_value", {"SecretId": secret})
    reader = role_with(allow("secretsmanager:*"), allow("kms:Decrypt", key))
    assert answer(reader.client("secretsmanager"), "get_secret_value", SecretId=secret) == "ok"


def test_alias_needs_permission_for_alias_and_key(key: str) -> None:
    alias = f"alias/{unique('mine')}"
    arn = f"arn:aws:kms:{HERE}:{alias}"
    wanted = {"AliasName": alias, "TargetKeyId": key}
    assert refused(role_with(allow("kms:CreateAlias", arn)), "kms", "create_alias", wanted)
    assert refused(role_with(allow("kms:CreateAlias", key)), "kms", "create_alias", wanted)
    assert answer(role_with(allow("kms:CreateAlias", [arn, key])).client("kms"), "create_alias", **wanted) == "ok"
    gone = {"AliasName": alias}
    assert refused(role_with(allow("kms:DeleteAlias", arn)), "kms", "delete_alias", gone)
    assert answer(role_with(allow("kms:DeleteAlias", [arn, key])).client("kms"), "delete_alias", **gone) == "ok"


def test_re_encryption_needs_both_keys(key: str) -> None:
    kms = shared_aws().connection.client("kms")
    to = str(kms.create_key()["KeyMetadata"]["Arn"])
    wanted = {"CiphertextBlob": kms.encrypt(KeyId=key, Plaintext=b"x")["CiphertextBlob"], "DestinationKeyId": to}
    assert refused(role_with(allow("kms:ReEncryptFrom", key)), "kms", "re_encrypt", wanted)
    both = role_with(allow("kms:ReEncryptFrom", key), allow("kms:ReEncryptTo", to))
    assert answer(both.client("kms"), "re_encrypt", **wanted) == "ok"
