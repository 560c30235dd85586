"""Lambda functions with their code and versions, aliases, permissions and provisioned concurrency."""

import base64
import hashlib
import json
from typing import Any

from toolkit.localcloud.provider.archive import archive_bytes
from toolkit.localcloud.provider.entry import Aws, Entry, Properties, found_or_none
from toolkit.resource_types import lambda_ as types

CONFIGURATION = frozenset({"role", "handler", "runtime", "description", "memorySize", "timeout", "environment"}) | {
    "ephemeralStorage",
    "kmsKeyArn",
    "loggingConfig",
    "snapStart",
    "tracingConfig",
}
DEFAULTS = {
    "description": "",
    "memorySize": 128,
    "timeout": 3,
    "environment": {"variables": {}},
    "tracingConfig": {"mode": "PassThrough"},
    "snapStart": {"applyOn": "None"},
}
VERSIONED = CONFIGURATION | {"code", "sourceCodeHash", "architectures"}
VERSION = frozenset({"version", "qualifiedArn", "qualifiedInvokeArn", "codeSha256", "sourceCodeSize", "lastModified"})


def invoke_arn(region: str, arn: str) -> str:
    """Return the URI with which API Gateway invokes a function or an alias."""
    return f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations"


class _Function(Entry):
    def create(self, aws: Aws, wanted: Properties) -> str:
        code = {"ZipFile": archive_bytes(wanted["code"], aws.root)}
        self.call(aws, self.create_call, {"architectures": ["x86_64"], **wanted}, Code=code)
        return str(wanted["name"])

    def after_create(self, aws: Aws, name: str, wanted: Properties) -> None:
        executions = wanted.get("reservedConcurrentExecutions")
        client = aws.client("lambda")
        if executions is not None and executions >= 0:
            client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=executions)
        else:  # -1 means no reservation
            client.delete_function_concurrency(FunctionName=name)

    def computed(self, aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        arn, version = found["arn"], _latest_version(aws, found["name"])
        return {
            "invokeArn": invoke_arn(aws.region, arn),
            "version": version,
            "qualifiedArn": f"{arn}:{version}",
            "qualifiedInvokeArn": invoke_arn(aws.region, f"{arn}:{version}"),
            "code": None,  # AWS returns where the code is
            "reservedConcurrentExecutions": found.get("concurrency", {}).get("reservedConcurrentExecutions", -1),
        }

    def update(self, aws: Aws, name: str, state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
        client = aws.client("lambda")
        code = archive_bytes(wanted["code"], aws.root)
        digest = base64.b64encode(hashlib.sha256(code).digest()).decode()
        if digest != state["codeSha256"] or "architectures" in changed:
            client.update_function_code(
                FunctionName=name, ZipFile=code, Architectures=wanted.get("architectures", ["x86_64"]), Publish=False
            )
        if changed & CONFIGURATION:
            self.call(aws, "update_function_configuration", {**DEFAULTS, **wanted})
        if wanted.get("publish"):
            client.publish_version(FunctionName=name)  # AWS returns the last version where nothing changed
        if "reservedConcurrentExecutions" in changed:
            self.after_create(aws, name, wanted)


def _latest_version(aws: Aws, name: str) -> str:
    listed = aws.client("lambda").list_versions_by_function(FunctionName=name)["Versions"]
    numbers = [int(entry["Version"]) for entry in listed if entry["Version"] != "$LATEST"]
    return str(max(numbers)) if numbers else "$LATEST"


class _Alias(Entry):
    def where(self, arn: str, known: Properties) -> dict[str, Any]:
        function, name = arn.split(":")[-2:]
        return {"functionName": function, **known, "name": name, "arn": arn}

    def computed(self, aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        return {"invokeArn": invoke_arn(aws.region, found["arn"])}


class _Permission(Entry):
    def where(self, statement_id: str, known: Properties) -> dict[str, Any]:
        return {**known, "statementId": statement_id}

    def describe(self, aws: Aws, where: Properties) -> dict[str, Any] | None:
        holder = {name: where.get(name) for name in ("function", "qualifier")}
        response = found_or_none(self.call, aws, "get_policy", holder)
        statements = json.loads(response["policy"])["Statement"] if response else []
        found = next((statement for statement in statements if statement["Sid"] == where["statementId"]), None)
        if found is None:
            return None
        principal = found["Principal"]
        state = {
            **holder,
            "action": found["Action"],
            "principal": principal.get("Service", principal.get("AWS")) if isinstance(principal, dict) else principal,
            "sourceArn": found.get("Condition", {}).get("ArnLike", {}).get("AWS:SourceArn"),
        }
        return {name: value for name, value in state.items() if value is not None}

    def delete(self, aws: Aws, statement_id: str, outputs: Properties) -> None:
        holder = {name: outputs.get(name) for name in ("function", "qualifier")}
        self.call(aws, "remove_permission", {**holder, "statementId": statement_id})


class _ProvisionedConcurrency(Entry):
    """moto has no API for provisioned concurrency: the alias must only exist."""

    def update(self, aws: Aws, _id: str, _state: Properties, wanted: Properties, _changed: frozenset[str]) -> None:
        self.create(aws, wanted)

    def delete(self, aws: Aws, resource_id: str, outputs: Properties) -> None:
        """Do nothing."""


MAPPING_DEFAULTS: Properties = {
    "bisectBatchOnFunctionError": False,
    "destinationConfig": {"onFailure": {}},
    "enabled": True,
    "filterCriteria": {"filters": []},
    "functionResponseTypes": [],
    "kmsKeyArn": "",
    "maximumBatchingWindowInSeconds": 0,
    "maximumRecordAgeInSeconds": -1,
    "maximumRetryAttempts": -1,
    "metricsConfig": {"metrics": []},
    "parallelizationFactor": 1,
    "provisionedPollerConfig": {},
    "scalingConfig": {},
    "tumblingWindowInSeconds": 0,
}
"""What an update sends for properties that the program no longer gives.

https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html
"""
STREAM_BATCH, QUEUE_BATCH = 100, 10


class _EventSourceMapping(Entry):
    def computed(self, _aws: Aws, found: Properties, known: Properties) -> dict[str, Any]:
        function, named = found["functionArn"], str(known.get("functionName"))
        given = named if function.rpartition(":function:")[2] == named else function
        return {"functionName": given, "enabled": found["state"] not in {"Disabled", "Disabling"}}

    def update(self, aws: Aws, uuid: str, _state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
        batch = QUEUE_BATCH if wanted["eventSourceArn"].split(":")[2] == "sqs" else STREAM_BATCH
        settings = {**MAPPING_DEFAULTS, "batchSize": batch, **wanted}
        self.call(aws, "update_event_source_mapping", {"uuid": uuid, **{name: settings[name] for name in changed}})


class _EventInvokeConfig(Entry):
    """The settings of asynchronous invocations; the id is the function's name or ARN, with the qualifier if any."""

    def create(self, aws: Aws, wanted: Properties) -> str:
        self.call(aws, self.create_call, self.request(wanted))
        qualifier = wanted.get("qualifier")
        return f"{wanted['functionName']}:{qualifier}" if qualifier else str(wanted["functionName"])

    def where(self, resource_id: str, known: Properties) -> dict[str, Any]:
        function, _, qualifier = resource_id.rpartition(":")
        if resource_id.count(":") in {0, 6}:  # a name or an ARN without a qualifier
            return {**known, "functionName": resource_id}
        return {**known, "functionName": function, "qualifier": qualifier}

    def identifying(self, _aws: Aws, _operation: str, properties: Properties) -> set[str]:
        return {"functionName", "qualifier"} & properties.keys()


PROVISIONED = frozenset({"functionName", "qualifier", "provisionedConcurrentExecutions", "skipDestroy"})
ENTRIES = (
    _Function(
        type=types.FUNCTION,
        service="lambda",
        noun="function",
        result="configuration",
        names={"FunctionName": "name", "FunctionArn": "arn", "CodeSize": "sourceCodeSize"},
        inputs=CONFIGURATION
        | {"name", "architectures", "packageType", "code", "sourceCodeHash", "publish"}
        | {"reservedConcurrentExecutions", "skipDestroy", "tags"},
        required=frozenset({"role", "code", "handler", "runtime"}),
        outputs=frozenset({"arn", "codeSha256", "sourceCodeSize", "lastModified"}),
        # AWS returns snapStart, moto does not.
        not_returned=frozenset({"code", "sourceCodeHash", "publish", "skipDestroy", "snapStart"}),
        changed_outputs=lambda changed: VERSION if changed & VERSIONED else frozenset(),
        tag_calls=("tag_resource", "untag_resource", ""),
    ),
    _Alias(
        type=types.ALIAS,
        service="lambda",
        noun="alias",
        id="{arn}",
        names={"AliasArn": "arn"},
        inputs=frozenset({"name", "functionVersion", "description", "routingConfig", "functionName"}),
        required=frozenset({"functionName", "functionVersion"}),
        outputs=frozenset({"arn"}),
        update_defaults={"description": "", "routingConfig": {"additionalVersionWeights": {}}},
    ),
    _Permission(
        type=types.PERMISSION,
        service="lambda",
        noun="permission",
        create_call="add_{noun}",
        update_call=None,
        id="{statementId}",
        names={"FunctionName": "function"},
        inputs=frozenset({"function", "statementId", "statementIdPrefix", "action", "principal", "qualifier"})
        | {"sourceArn", "sourceAccount"},
        required=frozenset({"function", "action", "principal"}),
    ),
    _EventSourceMapping(
        type=types.EVENT_SOURCE_MAPPING,
        service="lambda",
        noun="event_source_mapping",
        id="{uuid}",
        names={"EventSourceMappingArn": "arn", "Destination": "destinationArn"},
        inputs=frozenset(MAPPING_DEFAULTS)
        | {"batchSize", "eventSourceArn", "functionName", "startingPosition", "startingPositionTimestamp", "tags"},
        required=frozenset({"eventSourceArn", "functionName"}),
        outputs=frozenset({"arn", "functionArn", "lastModified", "state", "stateTransitionReason", "uuid"}),
        tag_calls=("tag_resource", "untag_resource", "list_tags"),
    ),
    _EventInvokeConfig(
        type=types.EVENT_INVOKE_CONFIG,
        service="lambda",
        noun="function_event_invoke_config",
        create_call="put_{noun}",
        update_call="put_{noun}",
        id="{functionName}",
        inputs=frozenset({"destinationConfig", "functionName", "maximumEventAgeInSeconds", "maximumRetryAttempts"})
        | {"qualifier"},
        required=frozenset({"functionName"}),
        defaults={"maximumRetryAttempts": 2},
    ),
    _ProvisionedConcurrency(
        type=types.PROVISIONED_CONCURRENCY,
        service="lambda",
        noun="alias",
        create_call="get_{noun}",
        id="{functionName},{qualifier}",
        names={"Name": "qualifier"},
        inputs=PROVISIONED,
        required=frozenset({"functionName", "qualifier", "provisionedConcurrentExecutions"}),
        not_returned=PROVISIONED,
    ),
)
