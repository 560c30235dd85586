"""Lambda functions with their code and versions, aliases, permissions and provisioned concurrency."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.archive import archive_bytes
from toolkit.localcloud.provider.entry import Aws, Entry, Properties, found_or_none
from toolkit.localcloud.provider.fields import from_aws, to_aws
from toolkit.resource_types import lambda_ as types

LOGGING = {
    "logFormat": "LogFormat",
    "logGroup": "LogGroup",
    "applicationLogLevel": "ApplicationLogLevel",
    "systemLogLevel": "SystemLogLevel",
}
CONFIGURATION = {
    "role": "Role",
    "handler": "Handler",
    "runtime": "Runtime",
    "description": "Description",
    "memorySize": "MemorySize",
    "timeout": "Timeout",
    "environment": ("Environment", {"variables": "Variables"}),
    "ephemeralStorage": ("EphemeralStorage", {"size": "Size"}),
    "kmsKeyArn": "KMSKeyArn",
    "loggingConfig": ("LoggingConfig", LOGGING),
    "snapStart": ("SnapStart", {"applyOn": "ApplyOn"}),
    "tracingConfig": ("TracingConfig", {"mode": "Mode"}),
}
FUNCTION = {**CONFIGURATION, "name": "FunctionName", "architectures": "Architectures", "packageType": "PackageType"}
DEFAULTS = {
    "description": "",
    "memorySize": 128,
    "timeout": 3,
    "environment": {"variables": {}},
    "tracingConfig": {"mode": "PassThrough"},
    "snapStart": {"applyOn": "None"},
}


VERSIONED = frozenset(CONFIGURATION) | {"code", "sourceCodeHash", "architectures"}
VERSION = frozenset({"version", "qualifiedArn", "qualifiedInvokeArn", "codeSha256", "sourceCodeSize", "lastModified"})


def invoke_arn(region: str, arn: str) -> str:
    """Return the URI with which API Gateway invokes a function or an alias."""
    return f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations"


def _create_function(aws: Aws, wanted: Properties) -> str:
    code = {"ZipFile": archive_bytes(wanted["code"], aws.root)}
    aws.client("lambda").create_function(
        **to_aws({"architectures": ["x86_64"], **wanted}, FUNCTION),
        Code=code,
        Publish=bool(wanted.get("publish")),
        Tags=dict(wanted["tagsAll"]),
    )
    return str(wanted["name"])


def _reserve(aws: Aws, name: str, executions: int | None) -> None:
    client = aws.client("lambda")
    if executions is not None and executions >= 0:
        client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=executions)
    else:  # -1 means no reservation
        client.delete_function_concurrency(FunctionName=name)


def _read_function(aws: Aws, name: str, _known: Properties) -> dict[str, Any] | None:
    client = aws.client("lambda")
    response = found_or_none(client.get_function, FunctionName=name)
    if response is None:
        return None
    configuration = response["Configuration"]
    arn = configuration["FunctionArn"]
    version = _latest_version(client, name)
    return {
        **from_aws(configuration, FUNCTION),
        "arn": arn,
        "invokeArn": invoke_arn(aws.region, arn),
        "version": version,
        "qualifiedArn": f"{arn}:{version}",
        "qualifiedInvokeArn": invoke_arn(aws.region, f"{arn}:{version}"),
        "codeSha256": configuration["CodeSha256"],
        "sourceCodeSize": configuration["CodeSize"],
        "lastModified": configuration["LastModified"],
        "reservedConcurrentExecutions": response.get("Concurrency", {}).get("ReservedConcurrentExecutions", -1),
        "tagsAll": response.get("Tags", {}),
    }


def _latest_version(client: Any, name: str) -> str:
    listed = client.list_versions_by_function(FunctionName=name)["Versions"]
    numbers = [int(entry["Version"]) for entry in listed if entry["Version"] != "$LATEST"]
    return str(max(numbers)) if numbers else "$LATEST"


def _update_function(aws: Aws, name: str, state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
    client = aws.client("lambda")
    code = archive_bytes(wanted["code"], aws.root)
    digest = base64.b64encode(hashlib.sha256(code).digest()).decode()
    if digest != state["codeSha256"] or "architectures" in changed:
        client.update_function_code(
            FunctionName=name, ZipFile=code, Architectures=wanted.get("architectures", ["x86_64"]), Publish=False
        )
    if changed & CONFIGURATION.keys():
        settings = {key: wanted.get(key, DEFAULTS.get(key)) for key in CONFIGURATION}
        client.update_function_configuration(FunctionName=name, **to_aws(settings, CONFIGURATION))
    if wanted.get("publish"):
        client.publish_version(FunctionName=name)  # AWS returns the last version where nothing changed
    if "reservedConcurrentExecutions" in changed:
        _reserve(aws, name, wanted.get("reservedConcurrentExecutions"))


def _delete_function(aws: Aws, name: str, _outputs: Properties) -> None:
    aws.client("lambda").delete_function(FunctionName=name)


def _function_tags(aws: Aws, _name: str, state: Properties, tags: Mapping[str, str], removed: list[str]) -> None:
    client = aws.client("lambda")
    client.tag_resource(Resource=state["arn"], Tags=dict(tags))
    if removed:
        client.untag_resource(Resource=state["arn"], TagKeys=removed)


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
    response = aws.client("lambda").create_alias(FunctionName=wanted["functionName"], **to_aws(wanted, ALIAS))
    return str(response["AliasArn"])


def _read_alias(aws: Aws, arn: str, known: Properties) -> dict[str, Any] | None:
    function, name = arn.split(":")[-2:]
    response = found_or_none(aws.client("lambda").get_alias, FunctionName=function, Name=name)
    if response is None:
        return None
    return {
        **from_aws(response, ALIAS),
        "functionName": known.get("functionName", function),
        "arn": arn,
        "invokeArn": invoke_arn(aws.region, arn),
    }


def _update_alias(aws: Aws, arn: str, _state: Properties, wanted: Properties, _changed: frozenset[str]) -> None:
    settings = {"description": "", "routingConfig": {"additionalVersionWeights": {}}, **wanted}
    aws.client("lambda").update_alias(FunctionName=arn.split(":")[-2], **to_aws(settings, ALIAS))


def _delete_alias(aws: Aws, arn: str, _outputs: Properties) -> None:
    function, name = arn.split(":")[-2:]
    aws.client("lambda").delete_alias(FunctionName=function, Name=name)


def _create_permission(aws: Aws, wanted: Properties) -> str:
    aws.client("lambda").add_permission(**to_aws(wanted, PERMISSION))
    return str(wanted["statementId"])


def _read_permission(aws: Aws, statement_id: str, known: Properties) -> dict[str, Any] | None:
    where = to_aws(known, {"function": "FunctionName", "qualifier": "Qualifier"})
    response = found_or_none(aws.client("lambda").get_policy, **where)
    statements = json.loads(response["Policy"])["Statement"] if response else []
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
    """Check that the alias exists: moto has no API for provisioned concurrency."""
    aws.client("lambda").get_alias(FunctionName=wanted["functionName"], Name=wanted["qualifier"])
    return f"{wanted['functionName']},{wanted['qualifier']}"


def _read_provisioned(aws: Aws, resource_id: str, _known: Properties) -> dict[str, Any] | None:
    function, _, alias = resource_id.partition(",")
    return None if found_or_none(aws.client("lambda").get_alias, FunctionName=function, Name=alias) is None else {}


def _release(_aws: Aws, _resource_id: str, _outputs: Properties) -> None:
    """Do nothing: moto has no API for provisioned concurrency."""


ENTRIES = (
    Entry(
        type=types.FUNCTION,
        inputs=frozenset(FUNCTION)
        | {"code", "sourceCodeHash", "publish", "reservedConcurrentExecutions", "skipDestroy", "tags"},
        required=frozenset({"role", "code", "handler", "runtime"}),
        # AWS returns snapStart, moto does not.
        unread=frozenset({"code", "sourceCodeHash", "publish", "skipDestroy", "snapStart"}),
        renewed=lambda changed: VERSION if changed & VERSIONED else frozenset(),
        name_property="name",
        tags=_function_tags,
        create=_create_function,
        after_create=lambda aws, name, wanted: _reserve(aws, name, wanted.get("reservedConcurrentExecutions")),
        read=_read_function,
        update=_update_function,
        delete=_delete_function,
    ),
    Entry(
        type=types.ALIAS,
        inputs=frozenset(ALIAS) | {"functionName"},
        required=frozenset({"functionName", "functionVersion"}),
        name_property="name",
        create=_create_alias,
        read=_read_alias,
        update=_update_alias,
        delete=_delete_alias,
    ),
    Entry(
        type=types.PERMISSION,
        inputs=frozenset(PERMISSION) | {"statementIdPrefix"},
        required=frozenset({"function", "action", "principal"}),
        name_property="statementId",
        create=_create_permission,
        read=_read_permission,
        delete=_delete_permission,
    ),
    Entry(
        type=types.PROVISIONED_CONCURRENCY,
        inputs=PROVISIONED,
        required=frozenset({"functionName", "qualifier", "provisionedConcurrentExecutions"}),
        unread=PROVISIONED,
        create=_provision,
        read=_read_provisioned,
        update=lambda aws, _id, _state, wanted, _changed: _provision(aws, wanted),
        delete=_release,
    ),
)
