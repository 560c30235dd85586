"""Lambda functions: their code, configuration, reserved concurrency and published versions."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.archive import archive_bytes
from toolkit.localcloud.provider.entry import Aws, Entry, Properties, unless_gone
from toolkit.localcloud.provider.fields import from_aws, to_aws

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
CREATED = {**CONFIGURATION, "name": "FunctionName", "architectures": "Architectures", "packageType": "PackageType"}
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
    """The URI by which API Gateway calls a function or an alias."""
    return f"arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations"


def _create(aws: Aws, wanted: Properties) -> str:
    code = {"ZipFile": archive_bytes(wanted["code"], aws.root)}
    aws.client("lambda").create_function(
        **to_aws({"architectures": ["x86_64"], **wanted}, CREATED),
        Code=code,
        Publish=bool(wanted.get("publish")),
        Tags=dict(wanted["tagsAll"]),
    )
    return str(wanted["name"])


def _reserve(aws: Aws, name: str, executions: int | None) -> None:
    client = aws.client("lambda")
    if executions is not None and executions >= 0:
        client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=executions)
    else:  # Pulumi says -1 for none
        client.delete_function_concurrency(FunctionName=name)


def _read(aws: Aws, name: str, _known: Properties) -> dict[str, Any] | None:
    client = aws.client("lambda")
    answer = unless_gone(client.get_function, FunctionName=name)
    if answer is None:
        return None
    configuration = answer["Configuration"]
    arn = configuration["FunctionArn"]
    version = _latest_version(client, name)
    return {
        **from_aws(configuration, CREATED),
        "arn": arn,
        "invokeArn": invoke_arn(aws.region, arn),
        "version": version,
        "qualifiedArn": f"{arn}:{version}",
        "qualifiedInvokeArn": invoke_arn(aws.region, f"{arn}:{version}"),
        "codeSha256": configuration["CodeSha256"],
        "sourceCodeSize": configuration["CodeSize"],
        "lastModified": configuration["LastModified"],
        "reservedConcurrentExecutions": answer.get("Concurrency", {}).get("ReservedConcurrentExecutions", -1),
        "tagsAll": answer.get("Tags", {}),
    }


def _latest_version(client: Any, name: str) -> str:
    listed = client.list_versions_by_function(FunctionName=name)["Versions"]
    numbers = [int(entry["Version"]) for entry in listed if entry["Version"] != "$LATEST"]
    return str(max(numbers)) if numbers else "$LATEST"


def _update(aws: Aws, name: str, state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
    client = aws.client("lambda")
    code = archive_bytes(wanted["code"], aws.root)
    digest = base64.b64encode(hashlib.sha256(code).digest()).decode()
    if digest != state["codeSha256"] or "architectures" in changed:
        client.update_function_code(
            FunctionName=name, ZipFile=code, Architectures=wanted.get("architectures", ["x86_64"]), Publish=False
        )
    if changed & CONFIGURATION.keys():
        told = {key: wanted.get(key, DEFAULTS.get(key)) for key in CONFIGURATION}
        client.update_function_configuration(FunctionName=name, **to_aws(told, CONFIGURATION))
    if wanted.get("publish"):
        client.publish_version(FunctionName=name)  # AWS answers with the last version where nothing changed
    if "reservedConcurrentExecutions" in changed:
        _reserve(aws, name, wanted.get("reservedConcurrentExecutions"))


def _delete(aws: Aws, name: str, _outputs: Properties) -> None:
    aws.client("lambda").delete_function(FunctionName=name)


def _tags(aws: Aws, _name: str, state: Properties, tags: Mapping[str, str], gone: list[str]) -> None:
    client = aws.client("lambda")
    client.tag_resource(Resource=state["arn"], Tags=dict(tags))
    if gone:
        client.untag_resource(Resource=state["arn"], TagKeys=gone)


ENTRIES = (
    Entry(
        type="aws:lambda/function:Function",
        inputs=frozenset(CREATED)
        | {"code", "sourceCodeHash", "publish", "reservedConcurrentExecutions", "skipDestroy", "tags"},
        required=frozenset({"role", "code", "handler", "runtime"}),
        replaced_by=frozenset({"name", "packageType"}),
        # AWS answers snapStart, moto does not.
        unread=frozenset({"code", "sourceCodeHash", "publish", "skipDestroy", "snapStart"}),
        renewed=lambda changed: VERSION if changed & VERSIONED else frozenset(),
        name_property="name",
        tags=_tags,
        create=_create,
        settle=lambda aws, name, wanted: _reserve(aws, name, wanted.get("reservedConcurrentExecutions")),
        read=_read,
        update=_update,
        delete=_delete,
    ),
)
