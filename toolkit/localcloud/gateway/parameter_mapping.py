"""Request parameters of integrations: their validation, and their changes of a request.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html; values from the
body, which this module does not support, are rejected when the API is deployed or read.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, cast
from urllib.parse import parse_qsl, quote, urlencode

from toolkit.localcloud.gateway.request import IncomingRequest

_KEY = re.compile(
    r"(?P<action>append|overwrite|remove):(?P<place>header|querystring)\.(?P<name>.+)|overwrite:(?P<path>path)"
)
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = r"(?:request\.(?:header|querystring|path)\.[^\s${}]+|request\.path|context\.[\w.]+|stageVariables\.\w+)"
_VARIABLE = re.compile(rf"\$({_VALUE})")
_EMBEDDED = re.compile(rf"\$\{{({_VALUE})\}}")
_RESERVED = re.compile(
    r"access-control-.*|apigw-.*|authorization|connection|content-encoding|content-length|content-location|forwarded"
    r"|keep-alive|origin|proxy-authenticate|proxy-authorization|te|trailers|transfer-encoding|upgrade|x-amz-.*"
    r"|x-amzn-.*|x-forwarded-for|x-forwarded-host|x-forwarded-proto|via"
)
"""The section "Reserved headers" of the page above: AWS rejects mappings of these, `authorization` among them."""


class MappingError(Exception):
    """A request parameter that AWS rejects or that the local cloud does not support; the message has the reason."""


@dataclass(frozen=True)
class ParameterChange:
    """One request parameter: the change of a header, a query string parameter or the path."""

    action: Literal["append", "overwrite", "remove"]
    place: Literal["header", "querystring", "path"]
    name: str
    value: str


Lookup = Callable[[str], str | None]
"""The value of a variable, such as `request.header.x` or `context.requestId`; None where there is none."""


def read_changes(parameters: Mapping[str, str]) -> tuple[ParameterChange, ...]:
    """Read the request parameters of an integration. Raises MappingError."""
    return tuple(_change(key, value) for key, value in parameters.items())


def _change(key: str, value: str) -> ParameterChange:
    match = _KEY.fullmatch(key)
    if match is None:
        raise MappingError(
            f"The request parameter {key!r} is not valid: use append:, overwrite: or remove: with header.<name> or"
            " querystring.<name>, or overwrite:path."
        )
    if match["path"]:
        change = ParameterChange("overwrite", "path", "", value)
    else:
        action = cast('Literal["append", "overwrite", "remove"]', match["action"])
        place = cast('Literal["header", "querystring"]', match["place"])
        change = ParameterChange(action, place, match["name"], value)
    if change.place == "header":
        change = replace(change, name=change.name.lower())
        if not _HEADER_NAME.fullmatch(change.name):
            raise MappingError(f"The request parameter {key!r} does not name a valid header.")
        if _RESERVED.fullmatch(change.name):
            raise MappingError(f"The request parameter {key!r} changes a reserved header, which API Gateway rejects.")
    if change.action != "remove":
        _check_value(key, value)
    return change


def _check_value(key: str, value: str) -> None:
    if _VARIABLE.fullmatch(value):
        return
    if "$" in _EMBEDDED.sub("", value) or re.search(r"[\x00-\x1f\x7f]", value):
        raise MappingError(
            f"The request parameter {key!r} has the value {value!r}: use text, $request.header.<name>,"
            " $request.querystring.<name>, $request.path, $request.path.<name>, $context.<name> or"
            " $stageVariables.<name>, in ${...} where it is part of a text."
        )


def variable_lookup(
    request: IncomingRequest,
    path_parameters: Mapping[str, str],
    context: Mapping[str, str],
    stage_variables: Mapping[str, str],
) -> Lookup:
    """Return the function that finds the values of a request, its context and the stage's variables."""

    def lookup(variable: str) -> str | None:
        source, _, name = variable.partition(".")
        if source == "context":
            return context.get(name)
        if source == "stageVariables":
            return stage_variables.get(name)
        kind, _, name = name.partition(".")
        if kind == "header":
            value = request.header(name.lower())
            return None if value is None else value.encode("latin-1").decode("utf-8", "replace")
        if kind == "querystring":
            return request.query_parameters.get(name)
        return path_parameters.get(name) if name else request.decoded_path

    return lookup


def changed_request(request: IncomingRequest, changes: tuple[ParameterChange, ...], lookup: Lookup) -> IncomingRequest:
    """Return the request with the changes applied, each from the values of the original request.

    A change whose value is one variable that the request does not have is left out.
    """
    for change in changes:
        value = "" if change.action == "remove" else _evaluate(change.value, lookup)
        if value is None:
            continue
        if change.place == "path":
            request = replace(request, path=quote(quote("/" + value.lstrip("/"), safe="/"), safe="/"))
        elif change.place == "header":
            request = replace(request, headers=_with_header(request.headers, change, value))
        else:
            request = replace(request, query=_with_parameter(request.query, change, value))
    return request


def _evaluate(text: str, lookup: Lookup) -> str | None:
    variable = _VARIABLE.fullmatch(text)
    if variable is not None:
        return lookup(variable[1])
    return _EMBEDDED.sub(lambda match: lookup(match[1]) or "", text)


def _with_header(
    headers: tuple[tuple[str, str], ...], change: ParameterChange, value: str
) -> tuple[tuple[str, str], ...]:
    kept = headers if change.action == "append" else tuple(pair for pair in headers if pair[0] != change.name)
    text = re.sub(r"[\x00-\x1f\x7f]", "", value).encode().decode("latin-1")  # headers are stored as bytes
    return kept if change.action == "remove" else (*kept, (change.name, text))


def _with_parameter(query: str, change: ParameterChange, value: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    if change.action != "append":
        pairs = [pair for pair in pairs if pair[0] != change.name]
    if change.action != "remove":
        pairs.append((change.name, value))
    return urlencode(pairs)
