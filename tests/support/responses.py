"""A function's answer to the HTTP API, easy to ask."""

import json
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Answer:
    """What the HTTP API would send to the caller."""

    status: int
    headers: dict[str, str]
    body: str

    @classmethod
    def of(cls, response: dict[str, Any]) -> Self:
        """From the handler's payload-2.0 response."""
        return cls(response["statusCode"], response.get("headers") or {}, response.get("body", ""))

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)
