"""The types of values in settings, each with its format and the error for another one."""

import re
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from api.definition import FUNCTIONS, PARAMETERS, SECRETS
from toolkit.stacks.settings import TextPattern

_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_PORT = "(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})"
_HOST = rf"https?://{_LABEL}(?:\.{_LABEL})*(?::{_PORT})?"
_URL = rf"{_HOST}(?:/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?"
_URL_ERROR = (
    "a URL is http:// or https:// and a host in lower case, with an optional port and path, such as "
    "https://users.example.com/v1"
)
# As browsers send it: without a default port. * is every origin; https://* is not accepted.
_ORIGIN = rf"(?!http://[^/]*:80$|https://[^/]*:443$){_HOST}|\*"
_ORIGIN_ERROR = "an origin is a scheme and a host without a path, such as https://app.example.com"


def _without_credentials(value: str) -> str:
    if re.match(r"[^/]*//[^/]*@", value):
        raise ValueError("a URL in a stack file must not have a user name or a password")
    return value


def _not_a_boolean(value: object) -> object:
    """Reject booleans: to Python True equals 1."""
    if isinstance(value, bool):
        raise ValueError("it must be a number of days, such as 30")
    return value


def _without_last_slash(value: str) -> str:
    """Return the URL without a slash at its end: paths are appended to it."""
    return value.rstrip("/")


def _one_of(names: Iterable[str], kind: str) -> TextPattern:
    """Return the pattern of the names that `api/definition.py` declares."""
    known = sorted(names)
    found = f"the {kind}s are {', '.join(known)}" if known else f"it has no {kind}"
    return TextPattern("|".join(map(re.escape, known)) or "(?!)", f"api/definition.py does not declare it: {found}")


Email = Annotated[
    str,
    TextPattern(
        r"[A-Za-z0-9_.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
        "this is not an e-mail address such as team@example.com",
    ),
]
Page = Annotated[str, AfterValidator(_without_credentials), TextPattern(_URL, _URL_ERROR)]
"""A URL that stays as it is written: Cognito compares it character by character."""
Url = Annotated[Page, AfterValidator(_without_last_slash)]
Origin = Annotated[str, AfterValidator(_without_credentials), TextPattern(_ORIGIN, _ORIGIN_ERROR)]
AssetsUrl = Annotated[
    str,
    AfterValidator(_without_credentials),
    TextPattern(
        rf"/(?:[A-Za-z0-9_.-]+/)*[A-Za-z0-9_.-]*|{_URL}", f"{_URL_ERROR}, or a path of this service such as /assets"
    ),
]
Tag = Annotated[
    str,
    TextPattern(
        "[A-Za-z0-9][A-Za-z0-9 ._:/=+@-]{0,127}",
        "a tag has up to 128 letters, digits, spaces or any of . _ : / = + @ - and begins with a letter or a digit",
    ),
]
PolicyName = Annotated[
    str,
    TextPattern("[A-Za-z0-9_+=,.@-]{1,128}", "a policy name has up to 128 letters, digits or any of _ + = , . @ -"),
]
UpstreamName = Annotated[
    str,
    TextPattern(
        "[a-z][a-z0-9-]{0,30}", "the name of an upstream has up to 31 of a-z, 0-9 and -, and begins with a letter"
    ),
]
TokenHeader = Annotated[
    str,
    TextPattern(
        "(?!x-(?:amzn?|forwarded)-)x-[a-z0-9]+(?:-[a-z0-9]+){0,5}",
        "a token header begins with x- and has a-z, 0-9 and -, such as x-access-token; AWS reserves x-amz-*,"
        " x-amzn-* and x-forwarded-*",
    ),
]
DomainPrefix = Annotated[
    str,
    TextPattern(
        "(?!.*(?:aws|amazon|cognito))[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?",
        "a domain prefix has up to 63 of a-z, 0-9 and -, without aws, amazon or cognito, such as my-items",
    ),
]
# The name of a certificate has at most 64 characters; the origin of an edge has a name that is seven longer.
HostName = Annotated[
    str,
    TextPattern(
        rf"(?=.{{1,57}}$)(?:{_LABEL}\.)+[a-z][a-z0-9-]{{0,61}}[a-z0-9]",
        "a host name has up to 57 of a-z, 0-9, - and ., such as api.example.com",
    ),
]
ZoneId = Annotated[
    str,
    TextPattern(
        "[A-Z0-9]{5,32}", "a hosted zone id has 5 to 32 capital letters and digits, such as Z0123456789ABCDEFGHIJ"
    ),
]
LogRetentionDays = Annotated[
    Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400], BeforeValidator(_not_a_boolean)
]
"""The retention periods of CloudWatch Logs, up to 400 days."""
FunctionName = Annotated[str, _one_of((function.name for function in FUNCTIONS), "function")]
ParameterName = Annotated[str, _one_of((parameter.name for parameter in PARAMETERS), "parameter")]
ParameterValue = Annotated[str, StringConstraints(min_length=1, max_length=4096)]
"""The size of a standard parameter: https://docs.aws.amazon.com/general/latest/gr/ssm.html"""
VariableValue = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
SecretDescription = Annotated[str, StringConstraints(min_length=1, max_length=256)]
_NO_SECRETS = "|".join(map(re.escape, sorted((*SECRETS, "origin-key", "settings", "usage"))))
SecretName = Annotated[
    str,
    TextPattern(
        rf"(?!(?:{_NO_SECRETS})$)[a-z][a-z0-9-]{{0,30}}",
        "the name of a secret has up to 31 of a-z, 0-9 and -, begins with a letter, and is not one that the service "
        "has, such as origin-key",
    ),
]
