"""Resource types of AWS Lambda."""

from toolkit.resource_types.automatic_names import NameForm
from toolkit.resource_types.data_loss.checks import keeps, not_shorter
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

_FAILED_EVENTS = (
    *(
        not_shorter(name, default=default, unit=unit, lost="every event that fails longer than that", forever=(-1,))
        for name, default, unit in (
            ("maximumRecordAgeInSeconds", -1, "seconds"),
            ("maximumEventAgeInSeconds", 21600, "seconds"),
            ("maximumRetryAttempts", 2, "attempts"),
        )
    ),
    keeps(
        *("destinationConfig", "onFailure"),
        by=("destinationArn",),
        what="no longer sends failed events to",
        lost="every event that fails",
    ),
)


def _alias(new: NewResource) -> PreviewOutputs:
    name, function = new.named(), str(new.inputs["functionName"])
    arn = f"{function if function.startswith('arn:') else new.arn('lambda', f'function:{function}')}:{name}"
    return PreviewOutputs(arn, {"name": name, "arn": arn, "invokeArn": _invoke_arn(new, arn)})


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
        data=StoredData(
            "its position in the stream; events may be skipped until another mapping starts", checks=_FAILED_EVENTS
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
                    lost="every event that fails",
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
        data=StoredData(setting_of="functionName", checks=_FAILED_EVENTS),
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
