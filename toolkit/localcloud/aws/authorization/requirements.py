"""Authorization requirements of a call: actions, each on one resource, with its condition keys."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from toolkit.policy.iam.wildcards import Context
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.core.responses:BaseResponse._get_params",
)

_ARN_PARAMETERS = ("ResourceArn", "ResourceARN", "resourceArn", "ResourceID", "Resource", "resource-arn")


@dataclass(frozen=True)
class Requirement:
    """One action, without its service's prefix, that the caller must be allowed on one resource."""

    action: str
    resource: str = "*"
    keys: Context = field(default_factory=dict)
    """The condition keys of this action, in lower case."""


def parameters(handler: Any) -> Mapping[str, Any]:
    """Return a call's parameters from its path, query string, form or JSON body."""
    parsed = getattr(handler, "params", None)
    if not isinstance(parsed, Mapping):
        parsed = _json(handler.body)
    if not isinstance(parsed, Mapping):
        parsed = handler._get_params()  # noqa: SLF001 - moto offers parameters in no other way
    return {**(handler.uri_match or {}), **parsed}


def named_arn(params: Mapping[str, Any]) -> str:
    """Return the ARN in one of the usual parameters of a call, or `*`."""
    found = next((str(params[name]) for name in _ARN_PARAMETERS if params.get(name)), "*")
    return found if found.startswith("arn:") else "*"


def arn(handler: Any, service: str, rest: str) -> str:
    """Return the ARN of a resource in the caller's account and region."""
    return f"arn:aws:{service}:{handler.region}:{handler.current_account}:{rest}"


def tags_in(params: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags that a call sends: a mapping, or a list of keys and values in the service's spelling."""
    sent = next((params[name] for name in ("Tags", "tags", "UserPoolTags", "TagList") if params.get(name)), None)
    if isinstance(sent, Mapping) and "Items" in sent:  # CloudFront
        sent = sent["Items"]
    if isinstance(sent, Mapping):
        return {str(key): str(value) for key, value in sent.items()}
    found = {}
    for tag in sent if isinstance(sent, list) else ():
        by_name = {str(name).lower().removeprefix("tag"): value for name, value in tag.items()}
        if "key" in by_name:
            found[str(by_name["key"])] = str(by_name.get("value", ""))
    return found


def _json(body: Any) -> Any:
    try:
        return json.loads(body) if isinstance(body, (str, bytes)) else body
    except (ValueError, RecursionError):
        return None
