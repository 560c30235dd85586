"""Serves the pack to Pulumi's engine, for the stack that the engine names."""

import sys
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pulumi_policy
from pulumi.runtime import Settings, configure
from pulumi_policy import policy as sdk

from policies.crossguard import TypedPolicy, pack_policies
from policies.pack import RULES, describe_stack
from policies.waivers import WaiverFileError
from stackgraph import StackFileError, load_stack_config

NAME = "items-api"
ROOT = Path(__file__).resolve().parent.parent


class StackAwareServicer(sdk._PolicyAnalyzerServicer):  # noqa: SLF001 - the SDK has no door for what the engine tells here
    """The SDK's servicer, which forgets the stack's name and configuration and whether this is a preview.

    An engine tells them once, before it asks for anything; up to pulumi-policy 1.21 only the tags are kept. Rules need
    the environment for their levels, and must know whether what is unknown now may become known later.
    """

    def __init__(self, name: str, version: str, policies: list[pulumi_policy.Policy], *others: Any) -> None:
        super().__init__(name, version, policies, *others)
        self._policies = policies
        self._asked = threading.local()  # the engine asks for several resources at once

    def ConfigureStack(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Take the rules' levels from the stack's environment."""
        configure(Settings(request.project, request.stack, dry_run=request.dry_run, organization=request.organization))
        self._describe(request.project, request.stack, request.config)
        return super().ConfigureStack(request, context)

    def Analyze(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Evaluate the policies of the resource's type: for each of them the SDK reads all properties again."""
        servicer: Any = super()  # the SDK leaves it untyped
        self._asked.type = request.type
        try:
            return servicer.Analyze(request, context)
        finally:
            del self._asked.type

    def _get_enforcement_level(self, policy: pulumi_policy.Policy) -> Any:
        other = isinstance(policy, TypedPolicy) and getattr(self._asked, "type", None) not in (None, *policy.types)
        return pulumi_policy.EnforcementLevel.DISABLED if other else super()._get_enforcement_level(policy)

    def _describe(self, project: str, stack: str, config: Mapping[str, Any]) -> None:
        self._policies[:] = _policies(project, stack, config)


class PackServicer(StackAwareServicer):
    """A servicer that takes the stack from the first URN where the engine names none: it reads a state from a file.

    The levels are prod's then, unless `--policy-pack-config` gives those of policies/config.
    """

    _named = False

    def Analyze(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Judge one resource."""
        self._name_by([request.urn])
        servicer: Any = super()  # the SDK leaves it untyped
        return servicer.Analyze(request, context)

    def Remediate(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Mend one resource."""
        self._name_by([request.urn])
        servicer: Any = super()  # the SDK leaves it untyped
        return servicer.Remediate(request, context)

    def AnalyzeStack(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Judge what is between the resources."""
        self._name_by([resource.urn for resource in request.resources[:1]])
        servicer: Any = super()  # the SDK leaves it untyped
        return servicer.AnalyzeStack(request, context)

    def _describe(self, project: str, stack: str, config: Mapping[str, Any]) -> None:
        if stack:
            super()._describe(project, stack, config)
            self._named = True

    def _name_by(self, urns: Iterable[str]) -> None:
        for urn in () if self._named else urns:
            stack, project, *_ = urn.removeprefix("urn:pulumi:").split("::")
            self._describe(project, stack, _written(stack))


def _written(stack: str) -> Mapping[str, Any]:
    """What the stack's file beside the pack says; nothing where there is none."""
    try:
        return load_stack_config(stack, ROOT)
    except StackFileError:
        return {}


def serve_pack() -> None:
    """Serve until the engine ends this process; before it names a stack, the rules are those of prod."""
    sdk._PolicyAnalyzerServicer = PackServicer  # type: ignore # noqa: SLF001 - PolicyPack takes it from there
    try:
        pulumi_policy.PolicyPack(NAME, _policies("", "", {}))
    except WaiverFileError as error:
        sys.exit(str(error))


def _policies(project: str, stack: str, config: Mapping[str, Any]) -> list[pulumi_policy.Policy]:
    return pack_policies(RULES, describe_stack(stack, project, config))
