"""Changes of one value at a time: another account, another resource, a number out of all proportion, a flag turned."""

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from tests.policies.mutations.documents import changed_documents

FOREIGN_ACCOUNT = "999999999999"
WORSE = {
    "GreaterThanThreshold": "LessThanThreshold",
    "GreaterThanOrEqualToThreshold": "LessThanThreshold",
    "Sum": "Minimum",
    "Maximum": "Minimum",
    "p95": "p10",
    "p99": "p10",
    "notBreaching": "ignore",
    "Enabled": "Suspended",
    "aws:kms": "AES256",
    "TLS_1_2": "TLS_1_0",
    "TLSv1.2": "TLSv1",
    "TLSv1.2_2021": "TLSv1",
    "TLSv1.2_2025": "TLSv1",
    "JWT": "NONE",
    "PAY_PER_REQUEST": "PROVISIONED",
    "https-only": "http-only",
    "redirect-to-https": "allow-all",
    "COST": "USAGE",
    "MONTHLY": "ANNUALLY",
    "GREATER_THAN": "LESS_THAN",
    "USD": "EUR",
    "email": "http",
    "Active": "PassThrough",
    "JSON": "Text",
    "PLUS": "LITE",
    "ESSENTIALS": "LITE",
    "ON": "OFF",
    "ENFORCED": "OFF",
    "verified_email": "verified_phone_number",
    "ENABLED": "LEGACY",
    "code": "implicit",
    "BLUE_GREEN": "IN_PLACE",
    "WITH_TRAFFIC_CONTROL": "WITHOUT_TRAFFIC_CONTROL",
    "BucketOwnerEnforced": "ObjectWriter",
    "arm64": "x86_64",
    "ALL": "INCLUDE",
    "AWS_PROXY": "HTTP_PROXY",
    "2.0": "1.0",
    "lambda.amazonaws.com": "events.amazonaws.com",
    "apigateway.amazonaws.com": "s3.amazonaws.com",
    "ACCESS_LOGS": "TRACES",
    "IP": "CONSTANT",
    "DNS": "EMAIL",
}
"""For a value from a list of AWS's, one that weakens what it is for; other values of such lists are not changed."""
_ACCOUNT = re.compile(r"(?<!\d)([1-4])\1{11}(?!\d)")
_LISTED = re.compile(r"[A-Z][A-Z0-9_]*|[A-Z][A-Za-z]+|\{.*", re.DOTALL)
"""A value of a list of AWS's, or a JSON document: another text is none that AWS takes."""
_ARN = re.compile(r"arn:aws[\w-]*:([\w-]+):([\w-]*):(\d*):(.+)")


@dataclass(frozen=True)
class Changed:
    """A property with one value in it changed."""

    kind: str
    """`account`, `resource`, `value`, `absence`, or what of a policy document changed."""
    path: str
    """Where, with `[]` for the elements of a list."""
    label: str
    value: Any
    """The whole property; None where it is absent now."""

    @property
    def renames(self) -> bool:
        """Return whether the property names something else than before, or nothing."""
        return self.value is None or self.kind in {"account", "resource"} or self.label.endswith("another text")


def changes(name: str, value: Any) -> Iterator[Changed]:
    """Change each value of a property, one at a time."""
    yield Changed("absence", name, "absent", None)
    if document := _policy_document(value):
        yield from (
            Changed(kind, f"{name}.{path}", label, json.dumps(changed))
            for kind, path, label, changed in changed_documents(document)
        )
        return
    for kind, path, label, changed in _changed(value, name):
        yield Changed(kind, path, label, changed)


def _policy_document(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("{"):
        document = json.loads(value)
        return document if "Statement" in document else None
    return None


def _changed(value: Any, path: str) -> Iterator[tuple[str, str, str, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield "absence", f"{path}.{key}", "absent", {k: v for k, v in value.items() if k != key}
            yield from (
                (kind, where, label, {**value, key: new})
                for kind, where, label, new in _changed(inner, f"{path}.{key}")
            )
    elif isinstance(value, list | tuple):
        yield from _changed_list(list(value), path)
    else:
        yield from ((kind, path, label, new) for kind, label, new in _changed_scalar(value))


def _changed_list(value: list[Any], path: str) -> Iterator[tuple[str, str, str, Any]]:
    yield "absence", f"{path}[]", "emptied", []
    for number, inner in enumerate(value):
        if len(value) > 1:
            yield "absence", f"{path}[]", f"without element {number}", value[:number] + value[number + 1 :]
        for kind, where, label, new in _changed(inner, f"{path}[]"):
            copy = deepcopy(value)
            copy[number] = new
            yield kind, where, f"element {number} {label}", copy
    if value and isinstance(value[0], str):
        yield "value", f"{path}[]", "with *", [*value, "*"]


def _changed_scalar(value: Any) -> Iterator[tuple[str, str, Any]]:
    if isinstance(value, bool):
        yield "value", f"{not value}", not value
    elif isinstance(value, int | float):
        yield "value", "a thousand times as much", value * 1000 or 1000
        yield from (("value", str(small), small) for small in (0, 1) if value != small)
    elif isinstance(value, str):
        yield from _changed_text(value)


def _changed_text(value: str) -> Iterator[tuple[str, str, Any]]:
    if _ACCOUNT.search(value):
        yield "account", "of another account", _ACCOUNT.sub(FOREIGN_ACCOUNT, value)
    if found := _ARN.fullmatch(value):
        service, region, account, rest = found.groups()
        separator = next((mark for mark in "/:" if mark in rest), "")
        other = f"{rest.partition(separator)[0]}{separator}other" if separator else "other"
        yield "resource", "of another name", f"arn:aws:{service}:{region}:{account}:{other}"
        if region:
            yield "resource", "of another region", f"arn:aws:{service}:ap-south-1:{account}:{rest}"
    elif re.fullmatch(r"-?\d+(\.\d+)?", value):
        yield "value", "a thousand times as much", str(float(value) * 1000)
    elif value in WORSE:
        yield "value", WORSE[value], WORSE[value]
    elif not _LISTED.fullmatch(value):
        yield "value", "another text", f"{value}-other"
