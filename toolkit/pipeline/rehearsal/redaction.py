"""Remove account ids, tokens, keys, e-mail and IP addresses from a report."""

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

SECRET_VARIABLES = (
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "PULUMI_ACCESS_TOKEN",
    "PULUMI_CONFIG_PASSPHRASE",
)
SHORTEST_SECRET = 6
"""A shorter secret would match parts of ordinary words."""
_FORMS = (
    (re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*"), "[token]"),
    (re.compile(r"(?i)\bbearer\s+[\w.~+/=-]{8,}"), "Bearer [token]"),
    (re.compile(r"\b(?:gh[pousr]_\w{16,}|github_pat_\w{16,})"), "[token]"),
    (re.compile(r"\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b"), "[key]"),
    (re.compile(r"(X-Amz-(?:Signature|Credential|Security-Token)=)[^&\s\"']+"), r"\1[hidden]"),
    (re.compile(r"[\w.%+-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"(?<![0-9A-Za-z])\d{12}(?![0-9A-Za-z])"), "[account]"),
    (re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])"), "[address]"),
)


class ReportRedactor:
    """Hides account ids, tokens, keys, e-mail and IP addresses by their form, and the given secrets by their value."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = {*secrets, *(os.environ.get(name, "") for name in SECRET_VARIABLES)}
        self._secrets = sorted((text for text in known if len(text) >= SHORTEST_SECRET), key=len, reverse=True)

    def text(self, text: str) -> str:
        """Return the text without them."""
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        for form, name in _FORMS:
            text = form.sub(name, text)
        return text

    def value(self, value: Any) -> Any:
        """Return a JSON value without them, keys included."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {self.text(str(key)): self.value(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(inner) for inner in value]
        return value
