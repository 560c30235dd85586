"""Calls for what runs and who is told of it: the function, its roles and delivery, logs, alarms, the budget."""

from collections.abc import Mapping

from infrastructure.bootstrap.actions.front import DISTRIBUTION
from infrastructure.bootstrap.actions.row import HERE, Actions

_DELIVERY = (
    "arn:aws:logs:*:{account}:delivery:*",
    *(f"arn:aws:logs:*:{{account}}:delivery-{end}:{{project}}-{{stack}}-edge" for end in ("source", "destination")),
)
_FUNCTION = (f"arn:aws:lambda:{HERE}:function:api-function-*",)
_TOPIC = (f"arn:aws:sns:{HERE}:alerts-topic-*",)
ROLES = tuple(f"arn:aws:iam::{{account}}:role/{role}-role-*" for role in ("api", "delivery"))

BY_TYPE: Mapping[str, Actions] = {
    "aws:budgets/budget:Budget": Actions(
        service="budgets",
        on=("arn:aws:budgets::{account}:budget/monthly-budget-*",),
        create="ModifyBudget TagResource",
        update="ModifyBudget UntagResource",
        delete="ModifyBudget",
        read="ViewBudget ListTagsForResource",
        # A budget is over the costs that a billing view shows; without another one, over the account's own.
        also=Actions(service="billing", on=("arn:aws:billing::{account}:billingview/*",), read="GetBillingViewData"),
    ),
    "aws:cloudwatch/dashboard:Dashboard": Actions(
        service="cloudwatch",
        on=("arn:aws:cloudwatch::{account}:dashboard/{project}-{stack}",),
        create="PutDashboard",
        update="PutDashboard",
        delete="DeleteDashboards",
        read="GetDashboard",
    ),
    "aws:cloudwatch/logDelivery:LogDelivery": Actions(
        service="logs",
        on=_DELIVERY,
        create="CreateDelivery TagResource",
        update="UpdateDeliveryConfiguration UntagResource",
        delete="DeleteDelivery",
        read="GetDelivery ListTagsForResource",
        read_anywhere="DescribeDeliveries",
    ),
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": Actions(
        service="logs",
        on=_DELIVERY,
        create="PutDeliveryDestination TagResource",
        update="PutDeliveryDestination UntagResource",
        delete="DeleteDeliveryDestination",
        read="GetDeliveryDestination ListTagsForResource",
        change_anywhere="PutResourcePolicy",
        read_anywhere="DescribeResourcePolicies",
    ),
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": Actions(
        service="logs",
        on=_DELIVERY,
        create="PutDeliverySource TagResource",
        update="PutDeliverySource UntagResource",
        delete="DeleteDeliverySource",
        read="GetDeliverySource ListTagsForResource",
        also=Actions(service="cloudfront", on=DISTRIBUTION, create="AllowVendedLogDeliveryForResource"),
    ),
    "aws:cloudwatch/logGroup:LogGroup": Actions(
        service="logs",
        on=(
            "arn:aws:logs:*:{account}:log-group:/{project}/{stack}/*",
            "arn:aws:logs:*:{account}:log-group:/aws/vendedlogs/{project}/{stack}/*",
            "arn:aws:logs:*:{account}:log-group:aws-waf-logs-{project}-{stack}-edge",
            "arn:aws:logs:*:{account}:log-group:aws-waf-logs-{project}-{stack}-edge:*",
        ),
        create="CreateLogGroup PutRetentionPolicy TagResource",
        update="DeleteRetentionPolicy AssociateKmsKey DisassociateKmsKey UntagResource",
        delete="DeleteLogGroup",
        read="ListTagsForResource",
        read_anywhere="DescribeLogGroups",
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": Actions(
        service="cloudwatch",
        on=(f"arn:aws:cloudwatch:{HERE}:alarm:alarms-*",),
        create="PutMetricAlarm TagResource",
        update="PutMetricAlarm UntagResource",
        delete="DeleteAlarms",
        read="ListTagsForResource",
        read_anywhere="DescribeAlarms",
    ),
    "aws:codedeploy/application:Application": Actions(
        service="codedeploy",
        on=(f"arn:aws:codedeploy:{HERE}:application:delivery-application-*",),
        create="CreateApplication TagResource",
        update="UpdateApplication UntagResource",
        delete="DeleteApplication",
        read="GetApplication ListTagsForResource",
    ),
    "aws:codedeploy/deploymentGroup:DeploymentGroup": Actions(
        service="codedeploy",
        on=(f"arn:aws:codedeploy:{HERE}:deploymentgroup:delivery-application-*",),
        create="CreateDeploymentGroup TagResource",
        update="UpdateDeploymentGroup UntagResource",
        delete="DeleteDeploymentGroup",
        read="GetDeploymentGroup ListTagsForResource",
    ),
    "aws:iam/role:Role": Actions(
        service="iam",
        on=ROLES,
        create="CreateRole TagRole PutRolePermissionsBoundary",
        update="UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy UntagRole",
        delete="DeleteRole",
        read="GetRole ListRolePolicies ListAttachedRolePolicies ListInstanceProfilesForRole ListRoleTags",
    ),
    "aws:iam/rolePolicy:RolePolicy": Actions(
        service="iam",
        on=ROLES,
        create="PutRolePolicy",
        update="PutRolePolicy",
        delete="DeleteRolePolicy",
        read="GetRolePolicy",
    ),
    "aws:lambda/alias:Alias": Actions(
        service="lambda",
        on=_FUNCTION,
        create="CreateAlias",
        update="UpdateAlias",
        delete="DeleteAlias",
        read="GetAlias",
    ),
    "aws:lambda/function:Function": Actions(
        service="lambda",
        on=_FUNCTION,
        create="CreateFunction PublishVersion PutFunctionConcurrency TagResource",
        update="UpdateFunctionCode UpdateFunctionConfiguration DeleteFunctionConcurrency UntagResource",
        delete="DeleteFunction",
        read=(
            "GetFunction GetFunctionConfiguration GetFunctionCodeSigningConfig GetFunctionConcurrency"
            " GetFunctionRecursionConfig GetRuntimeManagementConfig ListVersionsByFunction ListTags"
        ),
    ),
    "aws:lambda/permission:Permission": Actions(
        service="lambda",
        on=_FUNCTION,
        create="AddPermission",
        update="AddPermission",
        delete="RemovePermission",
        read="GetPolicy",
    ),
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": Actions(
        service="lambda",
        on=_FUNCTION,
        create="PutProvisionedConcurrencyConfig",
        update="PutProvisionedConcurrencyConfig",
        delete="DeleteProvisionedConcurrencyConfig",
        read="GetProvisionedConcurrencyConfig",
    ),
    "aws:sns/topic:Topic": Actions(
        service="sns",
        on=_TOPIC,
        create="CreateTopic TagResource",
        update="SetTopicAttributes UntagResource",
        delete="DeleteTopic",
        read="GetTopicAttributes ListTagsForResource",
    ),
    "aws:sns/topicPolicy:TopicPolicy": Actions(
        service="sns",
        on=_TOPIC,
        create="SetTopicAttributes",
        update="SetTopicAttributes",
        delete="SetTopicAttributes",
        read="GetTopicAttributes",
    ),
    "aws:sns/topicSubscription:TopicSubscription": Actions(
        service="sns",
        on=_TOPIC,
        create="Subscribe",
        read="ListSubscriptionsByTopic",
        change_anywhere="SetSubscriptionAttributes",
        delete_anywhere="Unsubscribe",
        read_anywhere="GetSubscriptionAttributes",
    ),
}
