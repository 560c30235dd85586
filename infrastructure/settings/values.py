"""The kinds of value that settings are made of, each with its bounds and a sentence for what is outside them."""

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, StringConstraints

_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_ACCOUNT = re.compile(r"[0-9]{12}")


def _account_id(value: object) -> str:
    if not isinstance(value, str) or not _ACCOUNT.fullmatch(value):
        raise ValueError('an AWS account id is twelve digits in quotes, such as "123456789012"')
    return value


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value):
        raise ValueError("this is not an e-mail address such as team@example.com")
    return value


def _region(value: str) -> str:
    if not _REGION.fullmatch(value):
        raise ValueError("this is not an AWS region such as eu-central-1")
    return value


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("this is not an absolute URL such as https://users.example.com/v1")
    if not value.isprintable() or set(value) & set(' {}<>"\\'):
        raise ValueError("a URL has no spaces, braces, quotes or angle brackets")
    if parts.username or parts.password:
        raise ValueError("a URL in a stack file must not carry a user name or a password")
    return value.rstrip("/")


def _origin(value: str) -> str:
    if value != "*" and (_url(value) != value or urlsplit(value).path):
        raise ValueError("an origin is a scheme and a host without a path, such as https://app.example.com")
    return value


def _assets_url(value: str) -> str:
    return value if re.fullmatch(r"/[\w/.-]*", value, re.ASCII) and "//" not in value else _url(value)


AccountId = Annotated[str, BeforeValidator(_account_id)]
Email = Annotated[str, AfterValidator(_email)]
Region = Annotated[str, AfterValidator(_region)]
Url = Annotated[str, AfterValidator(_url)]
Origin = Annotated[str, AfterValidator(_origin)]
AssetsUrl = Annotated[str, AfterValidator(_assets_url)]
Tag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._:/=+@-]{0,127}$")]
PolicyName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_+=,.@-]{1,128}$")]
UpstreamName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
DomainPrefix = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
HostName = Annotated[
    str,
    StringConstraints(
        max_length=253, pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$"
    ),
]
ZoneId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{5,32}$")]
LogRetentionDays = Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400]
"""The periods that CloudWatch offers, up to a good year."""
