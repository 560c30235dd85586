"""Resource types of AWS Lambda."""

from toolkit.resource_types.automatic_names import NameForm
from toolkit.resource_types.data_loss.checks import Check, keeps, not_shorter
from toolkit.resource_types.data_loss.stored_data import StoredData
from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs, generated_id
from toolkit.resource_types.permissions import Permissions
from toolkit.resource_types.record import FREE_PERMISSION, FREE_REFERENCE, HOLDS_NOTHING, ResourceType

ALIAS = "aws:lambda/alias:Alias"
CODE_SIGNING_CONFIG = "aws:lambda/codeSigningConfig:CodeSigningConfig"
EVENT_INVOKE_CONFIG = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig"
EVENT_SOURCE_MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping"
FUNCTION = "aws:lambda/function:Function"
FUNCTION_RECURSION_CONFIG = "aws:lambda/functionRecursionConfig:FunctionRecursionConfig"
FUNCTION_URL = "aws:lambda/functionUrl:FunctionUrl"
LAYER_PERMISSION = "aws:lambda/layerVersionPermission:LayerVersionPermission"
PERMISSION = "aws:lambda/permission:Permission"
PROVISIONED_CONCURRENCY = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig"

_FUNCTIONS = ("arn:aws:lambda:{region}:{account}:function:{name}",)

_MAPPINGS = ("arn:aws:lambda:{region}:{account}:event-source-mapping:*",)
_FAILED = "every event that fails"


def _failed_events(age: str, longest: int, attempts: int, destination: str) -> tuple[Check, ...]:
    """Return the checks that no event is given up earlier or without a destination."""
    lost = f"{_FAILED} longer than that"
    return (
        not_shorter(age, default=longest, unit="seconds", lost=lost, forever=(-1,)),
        not_shorter("maximumRetryAttempts", default=attempts, unit="attempts", lost=lost, forever=(-1,)),
        keeps(
            *("destinationConfig", "onFailure"),
            by=(destination,),
            what="no longer sends failed events to",
            lost=_FAILED,
        ),
    )


def _alias(new: NewResource) -> PreviewOutputs:
    name, function = new.named(), str(new.inputs["functionName"])
    arn = f"{function if function.startswith('arn:') else new.arn('lambda', f'function:{function}')}:{name}"
    return PreviewOutputs(arn, {"name": name, "arn": arn, "invokeArn": _invoke_arn(new, arn)})


def _event_source_mapping(new: NewResource) -> PreviewOutputs:
    identity, function = new.uuid(), str(new.inputs["functionName"])
    outputs = {
        "uuid": identity,
        "arn": new.arn("lambda", f"event-source-mapping:{identity}"),
        "functionArn": function if function.startswith("arn:") else new.arn("lambda", f"function:{function}"),
    }
    return PreviewOutputs(identity, outputs)


def _function(new: NewResource) -> PreviewOutputs:
    name = new.named()
    arn = new.arn("lambda", f"function:{name}")
    outputs = {
        "name": name,
        "arn": arn,
        "version": "1",
        "qualifiedArn": f"{arn}:1",
        "invokeArn": _invoke_arn(new, arn),
    }
    return PreviewOutputs(name, outputs)


def _function_url(new: NewResource) -> PreviewOutputs:
    function = str(new.inputs["functionName"])
    identity = new.token(32)
    arn = function if function.startswith("arn:") else new.arn("lambda", f"function:{function}")
    url = f"https://{identity}.lambda-url.{new.region}.on.aws/"
    return PreviewOutputs(function, {"functionArn": arn, "functionUrl": url, "urlId": identity})


def _invoke_arn(new: NewResource, function_arn: str) -> str:
    return (
        f"arn:{new.place.partition}:apigateway:{new.region}:lambda:path/2015-03-31/functions/{function_arn}/invocations"
    )


_NAME = r"[A-Za-z0-9_-]+"
_ACCEPTED = "letters, digits, _ and -"

TYPES = (
    ResourceType(
        ALIAS,
        name=NameForm(128, pattern=_NAME, accepted=_ACCEPTED),
        replaced_by=("functionName", "name"),
        data=HOLDS_NOTHING,
        preview=_alias,
        permissions=Permissions(
            on=_FUNCTIONS,
            create="CreateAlias",
            update="UpdateAlias",
            delete="DeleteAlias",
            read="GetAlias",
        ),
        free="calls are priced at the function",
    ),
    ResourceType(CODE_SIGNING_CONFIG, free=FREE_PERMISSION),
    ResourceType(
        EVENT_SOURCE_MAPPING,
        # A new consumer group of Kafka replaces it too: lambda/event_source_mapping.go (read 2026-11-30).
        replaced_by=(
            "eventSourceArn",
            "queues",
            "selfManagedEventSource",
            "startingPosition",
            "startingPositionTimestamp",
            "topics",
        ),
        data=StoredData(
            "its position in the stream; events may be skipped until another mapping starts",
            checks=_failed_events("maximumRecordAgeInSeconds", -1, -1, "destinationArn"),
        ),
        preview=_event_source_mapping,
        permissions=Permissions(
            on=_MAPPINGS,
            create="TagResource",
            update="UpdateEventSourceMapping UntagResource",
            delete="DeleteEventSourceMapping",
            read="GetEventSourceMapping ListTags",
            change_anywhere="CreateEventSourceMapping",
        ),
    ),
    ResourceType(
        FUNCTION,
        name=NameForm(64, pattern=_NAME, accepted=_ACCEPTED),
        # A new or removed `durableConfig` replaces it too; other values in it are an update: lambda/function.go.
        replaced_by=("name", "packageType", "tenancyConfig"),
        data=StoredData(
            checks=(
                keeps(
                    "deadLetterConfig",
                    by=("targetArn",),
                    what="no longer sends failed events to",
                    lost=_FAILED,
                ),
            )
        ),
        preview=_function,
        permissions=Permissions(
            on=_FUNCTIONS,
            create="CreateFunction PublishVersion PutFunctionConcurrency TagResource",
            update="UpdateFunctionCode UpdateFunctionConfiguration DeleteFunctionConcurrency UntagResource",
            delete="DeleteFunction",
            read=(
                "GetFunction GetFunctionConfiguration GetFunctionCodeSigningConfig GetFunctionConcurrency"
                " GetFunctionRecursionConfig GetRuntimeManagementConfig ListVersionsByFunction ListTags"
            ),
        ),
    ),
    ResourceType(
        EVENT_INVOKE_CONFIG,
        replaced_by=("functionName", "qualifier"),
        data=StoredData(
            setting_of="functionName", checks=_failed_events("maximumEventAgeInSeconds", 21600, 2, "destination")
        ),
        preview=generated_id,
        permissions=Permissions(
            on=_FUNCTIONS,
            create="PutFunctionEventInvokeConfig",
            update="PutFunctionEventInvokeConfig",
            delete="DeleteFunctionEventInvokeConfig",
            read="GetFunctionEventInvokeConfig",
        ),
        free=FREE_REFERENCE,
    ),
    ResourceType(FUNCTION_URL, replaced_by=("functionName", "qualifier"), data=HOLDS_NOTHING, preview=_function_url),
    ResourceType(
        "aws:lambda/layerVersion:LayerVersion",
        data=HOLDS_NOTHING,
        free="75 GB of layers and packages are free",
        no_rule="is evaluated with the function that uses it",
    ),
    ResourceType(LAYER_PERMISSION, free=FREE_PERMISSION),
    ResourceType(
        PERMISSION,
        name=NameForm(100, property="statementId", pattern=_NAME, accepted=_ACCEPTED),
        replaced_by=(
            "action",
            "eventSourceToken",
            "function",
            "functionUrlAuthType",
            "invokedViaFunctionUrl",
            "principal",
            "principalOrgId",
            "qualifier",
            "sourceAccount",
            "sourceArn",
            "statementId",
            "statementIdPrefix",
        ),
        data=HOLDS_NOTHING,
        preview=generated_id,
        permissions=Permissions(
            on=_FUNCTIONS,
            create="AddPermission",
            update="AddPermission",
            delete="RemovePermission",
            read="GetPolicy",
        ),
        free=FREE_PERMISSION,
    ),
    ResourceType(
        PROVISIONED_CONCURRENCY,
        replaced_by=("functionName", "qualifier"),
        data=HOLDS_NOTHING,
        preview=generated_id,
        permissions=Permissions(
            on=_FUNCTIONS,
            create="PutProvisionedConcurrencyConfig",
            update="PutProvisionedConcurrencyConfig",
            delete="DeleteProvisionedConcurrencyConfig",
            read="GetProvisionedConcurrencyConfig",
        ),
    ),
    ResourceType(FUNCTION_RECURSION_CONFIG, free="part of the function"),
)
