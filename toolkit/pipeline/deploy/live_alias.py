"""The alias of the function, and the versions that it may point to."""

import time
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from toolkit.stacks.errors import RefusedError

LONGEST_SECONDS = 15 * 60.0
PAUSE_SECONDS = 2.0


@dataclass(frozen=True)
class AliasRouting:
    """The versions of an alias: the main one, and the newer one of a running canary deployment."""

    version: str
    newer: str | None


class LiveAlias:
    """One function's alias. Every method raises RefusedError where AWS does not answer or allow it."""

    def __init__(self, client: Any, function: str, name: str) -> None:
        self._client = client
        self.function, self.name = function, name

    def routing(self) -> AliasRouting:
        """Return the versions that get calls now."""
        answer = self._call("get_alias", Name=self.name)
        weights = (answer.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
        return AliasRouting(answer["FunctionVersion"], next(iter(weights), None))

    def point_to(self, version: str) -> None:
        """Point the alias to this version."""
        nowhere_else: dict[str, dict[str, float]] = {"AdditionalVersionWeights": {}}
        self._call("update_alias", Name=self.name, FunctionVersion=version, RoutingConfig=nowhere_else)

    def wait_until_active(self, version: str, longest: float = LONGEST_SECONDS) -> None:
        """Wait until Lambda can invoke a published version; with SnapStart taking its snapshot takes minutes.

        The provider does not wait for it: https://docs.aws.amazon.com/lambda/latest/dg/snapstart-activate.html
        """
        deadline = time.monotonic() + longest
        while (found := self._call("get_function_configuration", Qualifier=version)).get("State") == "Pending":
            if time.monotonic() >= deadline:
                raise RefusedError(f"Version {version} of {self.function} is still Pending after {longest:.0f} s.")
            time.sleep(PAUSE_SECONDS)
        if found.get("State") == "Failed":
            reason = found.get("StateReason") or "Lambda gives no reason"
            raise RefusedError(f"Version {version} of {self.function} cannot be invoked: {reason}")

    def versions(self) -> tuple[int, ...]:
        """Return the numbers of the published versions, the newest first."""
        found: list[int] = []
        marker: dict[str, str] = {}
        while True:
            page = self._call("list_versions_by_function", **marker)
            found += [int(each["Version"]) for each in page["Versions"] if each["Version"].isdigit()]
            if not page.get("NextMarker"):
                return tuple(sorted(found, reverse=True))
            marker = {"Marker": page["NextMarker"]}

    def version_text(self, version: str) -> str:
        """Return the version text in the answers of a published version."""
        configuration = self._call("get_function_configuration", Qualifier=version)
        return str(configuration["Environment"]["Variables"]["SERVICE_VERSION"])

    def code_of(self, version: str) -> dict[str, Any]:
        """Return the configuration of a published version, with a presigned URL of its zip."""
        return self._call("get_function", Qualifier=version)

    def _call(self, call: str, **arguments: Any) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = getattr(self._client, call)(FunctionName=self.function, **arguments)
        except (BotoCoreError, ClientError) as error:
            raise RefusedError(f"The alias {self.name} of {self.function} cannot be read or moved: {error}") from None
        return answer
