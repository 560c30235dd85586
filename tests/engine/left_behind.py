"""What an account still has."""

from typing import Any

from toolkit.localcloud.connection import AwsConnection

LISTS = {
    ("dynamodb", "list_tables"): "TableNames",
    ("s3", "list_buckets"): "Buckets",
    ("lambda", "list_functions"): "Functions",
    ("apigatewayv2", "get_apis"): "Items",
    ("logs", "describe_log_groups"): "logGroups",
    ("cloudwatch", "describe_alarms"): "MetricAlarms",
    ("cloudwatch", "list_dashboards"): "DashboardEntries",
    ("iam", "list_roles"): "Roles",
    ("sns", "list_topics"): "Topics",
    ("sns", "list_subscriptions"): "Subscriptions",
    ("secretsmanager", "list_secrets"): "SecretList",
}


def left_in(connection: AwsConnection) -> dict[str, Any]:
    """What the account still has, but for what AWS itself deletes later."""
    found = {call: getattr(connection.client(service), call)()[answer] for (service, call), answer in LISTS.items()}
    pools = connection.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
    return {call: entries for call, entries in {**found, "list_user_pools": pools}.items() if entries}
