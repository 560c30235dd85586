"""Serves the pack to Pulumi's engine, for the stack that the engine names."""

import sys
from collections.abc import Mapping
from typing import Any

import pulumi_policy
from pulumi.runtime import Settings, configure
from pulumi_policy import policy as sdk

from policies.crossguard import pack_policies
from policies.pack import RULES, describe_stack
from policies.waivers import WaiverFileError

NAME = "items-api"


class StackAwareServicer(sdk._PolicyAnalyzerServicer):  # noqa: SLF001 - the SDK has no door for what the engine tells here
    """The SDK's servicer, which forgets the stack's name and configuration and whether this is a preview.

    An engine tells them once, before it asks for anything; up to pulumi-policy 1.21 only the tags are kept. Rules need
    the environment for their levels, and must know whether what is unknown now may become known later.
    """

    def __init__(self, name: str, version: str, policies: list[pulumi_policy.Policy], *others: Any) -> None:
        super().__init__(name, version, policies, *others)
        self._policies = policies

    def ConfigureStack(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Take the rules' levels from the stack's environment."""
        configure(Settings(request.project, request.stack, dry_run=request.dry_run, organization=request.organization))
        self._policies[:] = _policies(request.stack, request.config)
        return super().ConfigureStack(request, context)


def serve_pack() -> None:
    """Serve until the engine ends this process; before it names a stack, the rules are those of prod."""
    sdk._PolicyAnalyzerServicer = StackAwareServicer  # type: ignore # noqa: SLF001 - PolicyPack takes it from there
    try:
        pulumi_policy.PolicyPack(NAME, _policies("", {}))
    except WaiverFileError as error:
        sys.exit(str(error))


def _policies(stack: str, config: Mapping[str, str]) -> list[pulumi_policy.Policy]:
    return pack_policies(RULES, describe_stack(stack, NAME, config))
