"""Patches of moto's Lambda: the registered Lambda runtime runs invocations and is notified of changes.

moto would start Docker. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

import base64
import json
import logging
import re
import socket
import threading
from collections.abc import Callable
from typing import Any, Literal
from urllib.parse import unquote

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaAlias, LambdaBackend, lambda_backends
from moto.awslambda.responses import LambdaResponse
from moto.awslambda.urls import url_paths
from moto.dynamodb.models import dynamodb_backends
from moto.scheduler.models import scheduler_backends
from moto.scheduler.responses import EventBridgeSchedulerResponse
from moto.sqs.models import sqs_backends
from pydantic import ValidationError
from werkzeug.wrappers import Request, Response

from toolkit.localcloud.aws.background import in_background
from toolkit.localcloud.aws.patches import wrap
from toolkit.localcloud.aws.patches.lambda_ import lambda_error
from toolkit.localcloud.runtime.invoke_channel import Registration, RuntimeAddress, RuntimeCall, RuntimeResponse
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.awslambda.models:LambdaAlias.update",
    "moto.awslambda.models:LambdaBackend.create_event_source_mapping",
    "moto.awslambda.models:LambdaBackend._event_source_mappings",
    "moto.awslambda.responses:LambdaResponse.add_permission",
    "moto.awslambda.responses:LambdaResponse.create_alias",
    "moto.awslambda.responses:LambdaResponse.create_event_source_mapping",
    "moto.awslambda.responses:LambdaResponse.create_function",
    "moto.awslambda.responses:LambdaResponse.create_function_url_config",
    "moto.awslambda.responses:LambdaResponse.delete_alias",
    "moto.awslambda.responses:LambdaResponse.delete_event_source_mapping",
    "moto.awslambda.responses:LambdaResponse.delete_function",
    "moto.awslambda.responses:LambdaResponse.delete_function_concurrency",
    "moto.awslambda.responses:LambdaResponse.invoke",
    "moto.awslambda.responses:LambdaResponse.invoke_async",
    "moto.awslambda.responses:LambdaResponse.publish_version",
    "moto.awslambda.responses:LambdaResponse.put_function_concurrency",
    "moto.awslambda.responses:LambdaResponse.remove_permission",
    "moto.awslambda.responses:LambdaResponse.update_alias",
    "moto.awslambda.responses:LambdaResponse.update_event_source_mapping",
    "moto.awslambda.responses:LambdaResponse.update_function_code",
    "moto.awslambda.responses:LambdaResponse.update_function_configuration",
    "moto.awslambda.urls:url_paths",
    "moto.scheduler.models:EventBridgeSchedulerBackend.schedule_groups",
    "moto.scheduler.responses:EventBridgeSchedulerResponse.create_schedule",
    "moto.scheduler.responses:EventBridgeSchedulerResponse.delete_schedule",
    "moto.scheduler.responses:EventBridgeSchedulerResponse.delete_schedule_group",
    "moto.scheduler.responses:EventBridgeSchedulerResponse.update_schedule",
)
ADDED_NAMES = ("moto.awslambda.responses:LambdaResponse.invoke_with_response_stream",)
"""The parts that moto lacks."""

MAX_PAYLOAD_BYTES = {"RequestResponse": 6 * 1024 * 1024, "Event": 1024 * 1024, "DryRun": 6 * 1024 * 1024}
"""https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, "Invocation payload"."""
MAX_CLIENT_CONTEXT_BYTES = 3583
"""ClientContext in https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html; of the base64 text."""
CHANGES = (
    *("create_function", "delete_function", "publish_version", "update_function_code", "update_function_configuration"),
    *("create_alias", "update_alias", "delete_alias", "put_function_concurrency", "delete_function_concurrency"),
    *("add_permission", "remove_permission"),
)
EVENT_SOURCE_CHANGES = ("create_event_source_mapping", "update_event_source_mapping", "delete_event_source_mapping")
SCHEDULE_CHANGES = ("create_schedule", "update_schedule", "delete_schedule", "delete_schedule_group")
_PREFIX = re.compile(r"(arn:[^:]*:lambda:(?P<region>[^:]*):)?((?P<account>\d{12}):)?function:")
_LONGEST_RUN_SECONDS = 15 * 60 + 60
_NOTICE_SECONDS = 2
log = logging.getLogger("embedded-aws")
Notice = Literal["changed", "event-sources", "records", "dead-letter"]
_runtimes: list[RuntimeAddress] = []
_runtimes_lock = threading.Lock()


def register_runtime(request: Request) -> Response:
    """Register a runtime; the one that registered last runs the functions."""
    try:
        address = RuntimeAddress.model_validate_json(request.get_data())
    except ValidationError:
        return Response("A runtime registers with its port and its secret.\n", 400)
    with _runtimes_lock:
        _runtimes.insert(0, address)
    registration = Registration(event_sources=_has_event_sources())
    return Response(registration.model_dump_json(), content_type="application/json")


def _has_event_sources() -> bool:
    """Return whether there are event source mappings or schedules."""
    backends: Any = [backend for _, _, backend in lambda_backends.iter_backends()]
    if any(backend._event_source_mappings for backend in backends):  # noqa: SLF001 - moto lists them by function only
        return True
    schedulers: Any = [backend for _, _, backend in scheduler_backends.iter_backends()]
    return any(group.schedules for backend in schedulers for group in backend.schedule_groups.values())


def patch_lambda_invocations() -> None:
    """Have the runtime run invocations and be notified of changes; reject what it cannot run."""
    responses: Any = LambdaResponse
    schedules: Any = EventBridgeSchedulerResponse
    alias: Any = LambdaAlias
    responses.invoke = _invoke
    responses.invoke_async = _invoke_async
    responses.invoke_with_response_stream = _reject_streaming
    responses.create_function_url_config = _reject_function_url
    url_paths[r"{0}/(?P<api_version>[^/]+)/functions/(?P<function_name>.+)/response-streaming-invocations/?$"] = (
        LambdaResponse.dispatch
    )
    for name in CHANGES:
        setattr(responses, name, notifying(getattr(responses, name), "changed"))
    for name in EVENT_SOURCE_CHANGES:
        setattr(responses, name, notifying(getattr(responses, name), "event-sources"))
    for name in SCHEDULE_CHANGES:
        setattr(schedules, name, notifying(getattr(schedules, name), "event-sources"))
    wrap(LambdaBackend, "create_event_source_mapping", _create_event_source_mapping)
    alias.update = notifying(alias.update, "changed")  # CodeDeploy moves aliases, too


def _create_event_source_mapping(create: Callable[..., Any], backend: Any, spec: dict[str, Any]) -> Any:
    """Create a mapping of which moto's queue or table knows nothing: moto would take the messages itself."""
    mapping = create(backend, spec)
    sources: list[Any] = [
        *sqs_backends[backend.account_id][backend.region_name].queues.values(),
        *dynamodb_backends[backend.account_id][backend.region_name].tables.values(),
    ]
    for source in sources:
        source.lambda_event_source_mappings.clear()
    return mapping


def invoke_function(
    function: str,
    payload: bytes,
    kind: Literal["invoke", "start"] = "invoke",
    context: str | None = None,
    source: tuple[str, str] | None = None,
) -> RuntimeResponse:
    """Run a function by its ARN on a JSON payload. Raises LambdaClientError.

    `source` is the service and the resource for which it runs; the function's policy must allow it.
    """
    for address in _connected():
        call = RuntimeCall(
            secret=address.secret,
            kind=kind,
            function=function,
            payload=base64.b64encode(payload),
            client_context=context,
            source=source,
        )
        answer = _send(address, call, _LONGEST_RUN_SECONDS)
        if answer is None:
            continue
        if answer.code is not None:
            raise lambda_error(answer.status, answer.code, answer.message)
        return answer
    raise lambda_error(
        500, "ServiceException", "No Lambda runtime is connected: start the local stack with `./stack up`."
    )


def _connected() -> tuple[RuntimeAddress, ...]:
    with _runtimes_lock:
        return tuple(_runtimes)


def _send(address: RuntimeAddress, call: RuntimeCall, seconds: float) -> RuntimeResponse | None:
    """Send a call to a runtime. Return None, and remove the runtime, where it no longer answers."""
    try:
        with socket.create_connection(("127.0.0.1", address.port), timeout=seconds) as connection:
            connection.sendall(call.model_dump_json().encode() + b"\n")
            return RuntimeResponse.model_validate_json(connection.makefile("rb").readline())
    except TimeoutError:
        log.warning("The Lambda runtime on port %s gave no answer within %s s", address.port, seconds)
    except (OSError, ValidationError):
        with _runtimes_lock:
            if address in _runtimes:
                _runtimes.remove(address)
    return None


def notify(kind: Notice, notice: str = "") -> None:
    """Notify each runtime, after what this call does."""
    in_background(lambda: _notify(kind, notice))


def _notify(kind: Notice, notice: str = "") -> None:
    for address in _connected():
        _send(address, RuntimeCall(secret=address.secret, kind=kind, notice=notice), _NOTICE_SECONDS)


def notifying(change: Callable[..., Any], kind: Notice) -> Callable[..., Any]:
    """Return a method that notifies each runtime of what it changed, before its response."""

    def changed(*values: Any, **named: Any) -> Any:
        answer = change(*values, **named)
        _notify(kind)
        return answer

    return changed


def _invoke(handler: Any) -> tuple[int, dict[str, str], bytes]:
    kind = handler.headers.get("X-Amz-Invocation-Type") or "RequestResponse"
    if kind not in MAX_PAYLOAD_BYTES:
        raise InvalidParameterValueException(f"InvocationType is {kind!r}: use RequestResponse, Event or DryRun.")
    function, payload = _function(handler), _payload(handler, kind)
    context = handler.headers.get("X-Amz-Client-Context")
    if context and len(context) > MAX_CLIENT_CONTEXT_BYTES:
        raise InvalidParameterValueException(f"Client context must be at most {MAX_CLIENT_CONTEXT_BYTES} bytes.")
    if kind == "DryRun":
        return 204, {"status": "204"}, b""
    decoded = _client_context(context) if context else None
    if kind == "Event":
        invoke_function(function, payload, "start", decoded)
        return 202, {"status": "202"}, b""
    answer = invoke_function(function, payload, "invoke", decoded)
    headers = {
        "Content-Type": "application/json",
        "X-Amz-Executed-Version": answer.version,
        "x-amzn-RequestId": answer.request_id,
    }
    if answer.function_error:
        headers["X-Amz-Function-Error"] = answer.function_error
    if handler.headers.get("X-Amz-Log-Type") == "Tail":
        headers["X-Amz-Log-Result"] = base64.b64encode(answer.log_tail).decode()
    return 200, headers, answer.payload


def _invoke_async(handler: Any) -> tuple[int, dict[str, str], bytes]:
    invoke_function(_function(handler), _payload(handler, "Event"), "start")
    return 202, {"status": "202"}, b""


def _function(handler: Any) -> str:
    """The ARN of the function with the qualifier of the call. Raises LambdaClientError where there is none."""
    match = re.search(r"/functions/(.+)/(?:invocations|invoke-async)/?$", handler.path)
    named = unquote(match[1]) if match else ""
    prefix = _PREFIX.match(named)
    name, _, own = named[prefix.end() if prefix else 0 :].partition(":")
    if prefix and prefix["region"] not in {None, handler.region}:
        message = f"Functions from '{prefix['region']}' are not reachable in this region ('{handler.region}')"
        raise lambda_error(404, "ResourceNotFoundException", message)
    if prefix and prefix["account"] not in {None, handler.current_account}:
        raise lambda_error(
            403, "AccessDeniedException", f"Functions of the account {prefix['account']} are not reachable."
        )
    requested = handler.querystring.get("Qualifier", [""])[0]
    if own and requested and own != requested:
        raise InvalidParameterValueException(
            "The derived qualifier from the function name does not match the specified qualifier."
        )
    qualifier = own or requested
    handler.backend.get_function(name, qualifier or None)
    arn = str(handler.backend.get_function(name).function_arn)
    return f"{arn}:{qualifier}" if qualifier else arn


def _payload(handler: Any, kind: str) -> bytes:
    body = handler.raw_body or b""
    payload: bytes = body.encode() if isinstance(body, str) else body
    if len(payload) > MAX_PAYLOAD_BYTES[kind]:
        message = f"Request must be smaller than {MAX_PAYLOAD_BYTES[kind]} bytes for the InvokeFunction operation"
        raise lambda_error(413, "RequestTooLargeException", message)
    try:
        json.loads(payload or b"{}", parse_constant=_reject_constant)
    except (ValueError, RecursionError) as error:
        message = f"Could not parse request body into json: {error}"
        raise lambda_error(400, "InvalidRequestContentException", message) from error
    return payload or b"{}"


def _reject_constant(name: str) -> None:
    """Reject what Python reads beyond JSON: NaN, Infinity and -Infinity."""
    raise ValueError(f"{name} is not a JSON value")


def _client_context(text: str) -> str:
    """Return the context as one line of ASCII: the Runtime API sends it in a header."""
    try:
        return json.dumps(json.loads(base64.b64decode(text, validate=True)))
    except (ValueError, RecursionError) as error:
        message = "Client context must be a valid Base64-encoded JSON object."
        raise lambda_error(400, "InvalidRequestContentException", message) from error


def _reject_streaming(_handler: Any) -> None:
    raise InvalidParameterValueException("The embedded AWS streams no responses: use Invoke.")


def _reject_function_url(_handler: Any) -> None:
    raise InvalidParameterValueException("The embedded AWS serves no function URLs: use Invoke or the HTTP API.")
