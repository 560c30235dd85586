"""Patches of moto's event source mappings and asynchronous invocations: what Lambda checks when they are set.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html and
https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from moto.awslambda.exceptions import InvalidParameterValueException, UnknownEventConfig
from moto.awslambda.models import EventInvokeConfig, LambdaBackend
from moto.awslambda.responses import LambdaResponse
from moto.core.responses import ActionResult
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from toolkit.localcloud.aws.authorization.service_access import role_may
from toolkit.localcloud.aws.patches import wrap
from toolkit.localcloud.aws.patches.lambda_ import lambda_error
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.awslambda.models:EventInvokeConfig.response",
    "moto.awslambda.models:EventSourceMapping.function_arn",
    "moto.awslambda.models:EventSourceMapping.get_configuration",
    "moto.awslambda.models:EventSourceMapping.kms_key",
    "moto.awslambda.models:EventSourceMapping.metrics",
    "moto.awslambda.models:EventSourceMapping.poller_config",
    "moto.awslambda.models:LambdaBackend._event_source_mappings",
    "moto.awslambda.models:LambdaBackend.create_event_source_mapping",
    "moto.awslambda.models:LambdaBackend.get_function",
    "moto.awslambda.models:LambdaBackend.update_event_source_mapping",
    "moto.awslambda.models:LambdaFunction.last_modified",
    "moto.awslambda.models:LambdaFunction.role",
    "moto.awslambda.models:LambdaFunction.timeout",
    "moto.awslambda.responses:LambdaResponse.delete_function_event_invoke_config",
    "moto.awslambda.responses:LambdaResponse.get_function_event_invoke_config",
    "moto.awslambda.responses:LambdaResponse.list_function_event_invoke_configs",
    "moto.awslambda.responses:LambdaResponse.put_function_event_invoke_config",
    "moto.awslambda.responses:LambdaResponse.update_function_event_invoke_config",
    "moto.sqs.models:Queue.visibility_timeout",
)
ADDED_NAMES = ("moto.awslambda.models:LambdaFunction.event_invoke_configs",)
"""The parts that moto lacks."""
MAX_BATCH_WITHOUT_WINDOW = 10
_QUEUE_ACTIONS = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")
_STREAM_ACTIONS = ("GetRecords", "GetShardIterator", "DescribeStream")
_OF_STREAMS = (
    *("BisectBatchOnFunctionError", "DestinationConfig", "MaximumRecordAgeInSeconds", "MaximumRetryAttempts"),
    *("ParallelizationFactor", "StartingPosition", "TumblingWindowInSeconds"),
)
_OF_QUEUES = ("ScalingConfig",)
_NOT_UPDATED = {"KMSKeyArn": "kms_key", "MetricsConfig": "metrics", "ProvisionedPollerConfig": "poller_config"}
"""What moto leaves as it was."""
_DESTINATIONS = {"sqs": "SendMessage", "sns": "Publish", "lambda": "InvokeFunction", "events": "PutEvents"}


def patch_lambda_event_sources() -> None:
    """Apply the patches of this module."""
    responses: Any = LambdaResponse
    wrap(LambdaBackend, "create_event_source_mapping", _create_mapping)
    wrap(LambdaBackend, "update_event_source_mapping", _update_mapping)
    responses.put_function_event_invoke_config = _put_config
    responses.update_function_event_invoke_config = _update_config
    responses.get_function_event_invoke_config = _get_config
    responses.delete_function_event_invoke_config = _delete_config
    responses.list_function_event_invoke_configs = _list_configs


def _create_mapping(create: Callable[..., Any], backend: Any, spec: dict[str, Any]) -> Any:
    """Create a mapping of a function, a version or an alias, whose ARN the mapping keeps."""
    function = backend.get_function(spec.get("FunctionName", ""))
    arn, source = _qualified_arn(backend, function, spec["FunctionName"]), str(spec.get("EventSourceArn"))
    _check(backend.account_id, function, source, spec)
    _refuse_second(backend, arn, source)
    mapping = create(backend, spec)
    mapping.function_arn = arn
    return mapping


def _update_mapping(update: Callable[..., Any], backend: Any, uuid: str, spec: dict[str, Any]) -> Any:
    mapping = backend._event_source_mappings.get(uuid)  # noqa: SLF001 - moto's table of mappings
    if mapping is None:
        return update(backend, uuid, spec)
    function = backend.get_function(spec.get("FunctionName") or mapping.function_arn)
    arn = _qualified_arn(backend, function, spec["FunctionName"]) if "FunctionName" in spec else mapping.function_arn
    _check(backend.account_id, function, mapping.event_source_arn, {**mapping.get_configuration(), **spec}, spec)
    updated = update(backend, uuid, spec)
    updated.function_arn = arn
    for name, attribute in _NOT_UPDATED.items():
        if name in spec:
            setattr(updated, attribute, spec[name])
    return updated


def _qualified_arn(backend: Any, function: Any, named: str) -> str:
    """Return the ARN of the function with the qualifier of its name."""
    qualifier = named.rpartition(":function:")[2].partition(":")[2]
    arn = str(backend.get_function(function.function_name).function_arn)
    return f"{arn}:{qualifier}" if qualifier else arn


def _refuse_second(backend: Any, function_arn: str, source: str) -> None:
    for mapping in backend._event_source_mappings.values():  # noqa: SLF001 - moto's table of mappings
        if (mapping.function_arn, mapping.event_source_arn) == (function_arn, source):
            raise lambda_error(
                409,
                "ResourceConflictException",
                f'The event source arn (" {source} ") and function (" {function_arn.split(":")[6]} ") provided mapping'
                f" already exists. Please update or delete the existing mapping with UUID {mapping.uuid}",
            )


def _check(
    account_id: str, function: Any, source: str, spec: Mapping[str, Any], given: Mapping[str, Any] | None = None
) -> None:
    """Reject a mapping that Lambda rejects; `given` are the settings of this call."""
    service = source.split(":")[2]
    for name in _OF_STREAMS if service == "sqs" else _OF_QUEUES:
        if (spec if given is None else given).get(name):
            raise InvalidParameterValueException(f"Unsupported {name} parameter for given event source mapping type.")
    if service == "sqs":
        _check_queue(account_id, function, source, spec)
    elif service == "dynamodb":
        _check_stream(account_id, function, source, spec)


def _check_queue(account_id: str, function: Any, source: str, spec: Mapping[str, Any]) -> None:
    queue: Any = sqs_backends[account_id][source.split(":")[3]].queues.get(source.rpartition(":")[2])
    if queue is None:
        raise InvalidParameterValueException(
            "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue."
            " SQS Error Message: The specified queue does not exist."
        )
    for action in _QUEUE_ACTIONS:
        if not role_may(function.role, f"sqs:{action}", source, account_id):
            raise InvalidParameterValueException(
                f"The provided execution role does not have permissions to call {action} on SQS"
            )
    if queue.visibility_timeout < int(function.timeout):
        raise InvalidParameterValueException(
            f"Queue visibility timeout: {queue.visibility_timeout} seconds is less than"
            f" Function timeout: {function.timeout} seconds"
        )
    if (spec.get("BatchSize") or 0) > MAX_BATCH_WITHOUT_WINDOW and not spec.get("MaximumBatchingWindowInSeconds"):
        raise InvalidParameterValueException(
            "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"
        )


def _check_stream(account_id: str, function: Any, source: str, spec: Mapping[str, Any]) -> None:
    if not spec.get("StartingPosition"):
        raise InvalidParameterValueException(
            "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint:"
            " Member must not be null."
        )
    if not all(role_may(function.role, f"dynamodb:{action}", source, account_id) for action in _STREAM_ACTIONS):
        raise InvalidParameterValueException(
            f"Cannot access stream {source}. Please ensure the role can perform the GetRecords, GetShardIterator,"
            " DescribeStream, and ListStreams Actions on your stream in IAM."
        )
    for target in _destinations(spec):
        service = target.split(":")[2]
        if service not in {"sqs", "sns", "s3"}:
            raise InvalidParameterValueException(f"The destination ARN {target} is invalid.")
        action = _DESTINATIONS.get(service)
        if action and not role_may(function.role, f"{service}:{action}", target, account_id):
            raise InvalidParameterValueException(
                f"The provided execution role does not have permissions to call {action} on {service.upper()}"
            )


def _destinations(spec: Mapping[str, Any]) -> Iterator[str]:
    """Yield the ARNs of the destinations of failed and successful events."""
    for kind in ("OnFailure", "OnSuccess"):
        target = ((spec.get("DestinationConfig") or {}).get(kind) or {}).get("Destination")
        if target:
            yield str(target)


def _put_config(handler: Any) -> ActionResult:
    return _stored(handler, dict(handler.json_body))


def _update_config(handler: Any) -> ActionResult:
    function, qualifier = _configured(handler)
    return _stored(handler, {**_found(function, qualifier).config, **handler.json_body})


def _get_config(handler: Any) -> ActionResult:
    return ActionResult(_found(*_configured(handler)).response())


def _delete_config(handler: Any) -> tuple[int, dict[str, Any], str]:
    function, qualifier = _configured(handler)
    _found(function, qualifier)
    del _configs(function)[qualifier]
    return 204, {"status": 204}, "{}"


def _list_configs(handler: Any) -> str:
    function = handler.backend.get_function(unquote(handler.path.rsplit("/", 3)[1]))
    return json.dumps({"FunctionEventInvokeConfigs": [each.response() for each in _configs(function).values()]})


def _configured(handler: Any) -> tuple[Any, str]:
    """Return the function of a call, and the qualifier of what it configures. Raises LambdaClientError."""
    named = unquote(handler.path.rsplit("/", 2)[1])
    own = named.rpartition(":function:")[2].partition(":")[2]
    qualifier = own or handler.querystring.get("Qualifier", [""])[0]
    function = handler.backend.get_function(named, qualifier or None)
    return handler.backend.get_function(function.function_name), qualifier


def _configs(function: Any) -> dict[str, Any]:
    """Return a function's configurations by qualifier; moto has one for all of them."""
    found: dict[str, Any] = vars(function).setdefault("event_invoke_configs", {})
    return found


def _found(function: Any, qualifier: str) -> Any:
    arn = f"{function.function_arn}:{qualifier or '$LATEST'}"
    if qualifier not in _configs(function):
        raise UnknownEventConfig(arn)
    return _configs(function)[qualifier]


def _stored(handler: Any, settings: dict[str, Any]) -> ActionResult:
    function, qualifier = _configured(handler)
    for target in _destinations(settings):
        _check_destination(handler.current_account, function.role, target)
    arn = f"{function.function_arn}:{qualifier or '$LATEST'}"
    config = _configs(function)[qualifier] = EventInvokeConfig(arn, function.last_modified, settings)
    return ActionResult(config.response())


def _check_destination(account_id: str, role: str, target: str) -> None:
    """Reject a destination that is no queue, topic, function or event bus, or that the function's role cannot use."""
    _, _, service, region, _, name = target.split(":", 5)
    missing = (service == "sqs" and name not in sqs_backends[account_id][region].queues) or (
        service == "sns" and target not in sns_backends[account_id][region].topics
    )
    if service not in _DESTINATIONS or missing or name.endswith(".fifo"):
        raise InvalidParameterValueException(f"The destination ARN {target} is invalid.")
    action = _DESTINATIONS[service]
    if not role_may(role, f"{service}:{action}", target, account_id):
        raise InvalidParameterValueException(
            f"The function's execution role does not have permissions to call {action} on {target}"
        )
