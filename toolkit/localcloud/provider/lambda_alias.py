"""What points at a Lambda function: aliases, permissions to invoke it, provisioned concurrency."""

import json
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, unless_gone
from toolkit.localcloud.provider.fields import from_aws, to_aws
from toolkit.localcloud.provider.lambda_function import invoke_arn

ALIAS = {
    "name": "Name",
    "functionVersion": "FunctionVersion",
    "description": "Description",
    "routingConfig": ("RoutingConfig", {"additionalVersionWeights": "AdditionalVersionWeights"}),
}
PERMISSION = {
    "function": "FunctionName",
    "statementId": "StatementId",
    "action": "Action",
    "principal": "Principal",
    "qualifier": "Qualifier",
    "sourceArn": "SourceArn",
    "sourceAccount": "SourceAccount",
}
PROVISIONED = frozenset({"functionName", "qualifier", "provisionedConcurrentExecutions", "skipDestroy"})


def _create_alias(aws: Aws, wanted: Properties) -> str:
    answer = aws.client("lambda").create_alias(FunctionName=wanted["functionName"], **to_aws(wanted, ALIAS))
    return str(answer["AliasArn"])


def _read_alias(aws: Aws, arn: str, known: Properties) -> dict[str, Any] | None:
    function, name = arn.split(":")[-2:]
    answer = unless_gone(aws.client("lambda").get_alias, FunctionName=function, Name=name)
    if answer is None:
        return None
    return {
        **from_aws(answer, ALIAS),
        "functionName": known.get("functionName", function),
        "arn": arn,
        "invokeArn": invoke_arn(aws.region, arn),
    }


def _update_alias(aws: Aws, arn: str, _state: Properties, wanted: Properties, _changed: frozenset[str]) -> None:
    told = {"description": "", "routingConfig": {"additionalVersionWeights": {}}, **wanted}
    aws.client("lambda").update_alias(FunctionName=arn.split(":")[-2], **to_aws(told, ALIAS))


def _delete_alias(aws: Aws, arn: str, _outputs: Properties) -> None:
    function, name = arn.split(":")[-2:]
    aws.client("lambda").delete_alias(FunctionName=function, Name=name)


def _create_permission(aws: Aws, wanted: Properties) -> str:
    aws.client("lambda").add_permission(**to_aws(wanted, PERMISSION))
    return str(wanted["statementId"])


def _read_permission(aws: Aws, statement_id: str, known: Properties) -> dict[str, Any] | None:
    where = to_aws(known, {"function": "FunctionName", "qualifier": "Qualifier"})
    answer = unless_gone(aws.client("lambda").get_policy, **where)
    statements = json.loads(answer["Policy"])["Statement"] if answer else []
    found = next((statement for statement in statements if statement["Sid"] == statement_id), None)
    if found is None:
        return None
    principal = found["Principal"]
    state = {
        "statementId": statement_id,
        "function": known["function"],
        "action": found["Action"],
        "principal": principal.get("Service", principal.get("AWS")) if isinstance(principal, dict) else principal,
        "sourceArn": found.get("Condition", {}).get("ArnLike", {}).get("AWS:SourceArn"),
        "qualifier": known.get("qualifier"),
    }
    return {key: value for key, value in state.items() if value is not None}


def _delete_permission(aws: Aws, statement_id: str, outputs: Properties) -> None:
    where = to_aws(outputs, {"function": "FunctionName", "qualifier": "Qualifier"})
    aws.client("lambda").remove_permission(StatementId=statement_id, **where)


def _provision(aws: Aws, wanted: Properties) -> str:
    """Nothing more than see that there is such an alias: moto has no API for provisioned concurrency."""
    aws.client("lambda").get_alias(FunctionName=wanted["functionName"], Name=wanted["qualifier"])
    return f"{wanted['functionName']},{wanted['qualifier']}"


def _read_provisioned(aws: Aws, resource_id: str, _known: Properties) -> dict[str, Any] | None:
    function, _, alias = resource_id.partition(",")
    return None if unless_gone(aws.client("lambda").get_alias, FunctionName=function, Name=alias) is None else {}


def _release(_aws: Aws, _resource_id: str, _outputs: Properties) -> None:
    """Nothing, as nothing was made."""


ENTRIES = (
    Entry(
        type="aws:lambda/alias:Alias",
        inputs=frozenset(ALIAS) | {"functionName"},
        required=frozenset({"functionName", "functionVersion"}),
        replaced_by=frozenset({"name", "functionName"}),
        name_property="name",
        create=_create_alias,
        read=_read_alias,
        update=_update_alias,
        delete=_delete_alias,
    ),
    Entry(
        type="aws:lambda/permission:Permission",
        inputs=frozenset(PERMISSION) | {"statementIdPrefix"},
        required=frozenset({"function", "action", "principal"}),
        name_property="statementId",
        create=_create_permission,
        read=_read_permission,
        delete=_delete_permission,
    ),
    Entry(
        type="aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
        inputs=PROVISIONED,
        required=frozenset({"functionName", "qualifier", "provisionedConcurrentExecutions"}),
        replaced_by=frozenset({"functionName", "qualifier"}),
        unread=PROVISIONED,
        create=_provision,
        read=_read_provisioned,
        update=lambda aws, _id, _state, wanted, _changed: _provision(aws, wanted),
        delete=_release,
    ),
)
