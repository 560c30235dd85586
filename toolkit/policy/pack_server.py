"""Serves the pack to Pulumi's engine, for the stack that the engine names."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pulumi_policy
from pulumi.runtime import Settings, configure, proto
from pulumi_policy import policy as sdk

from toolkit.configuration import ROOT
from toolkit.policy.crossguard import ANALYZED, TypedPolicy, pack_policies, requested_resources
from toolkit.policy.pack import Pack, describe_stack
from toolkit.policy.waivers import WaiverFileError
from toolkit.stacks import StackFileError, load_stack_config
from toolkit.stacks.urns import Urn


class PackServicer(sdk._PolicyAnalyzerServicer):  # noqa: SLF001 - the SDK has no public hook for this call
    """The SDK's servicer, which forgets the stack's name and configuration and whether this is a preview.

    The engine sends them once, before any other call; up to pulumi-policy 1.21 the SDK keeps only the tags. Rules need
    the environment for their levels, and whether an unknown value may become known later.

    Where the engine names no stack, because it reads a state from a file, the first URN names it. The levels are prod's
    then, unless `--policy-pack-config` gives those of policies/config.
    """

    def __init__(self, pack: Pack, name: str, version: str, policies: list[pulumi_policy.Policy], *others: Any) -> None:
        super().__init__(name, version, policies, *others)
        self._pack = pack
        self._policies = policies
        self.has_stack = False
        """Whether the policies are those of the stack."""

    def ConfigureStack(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Take the rules' levels from the stack's environment."""
        configure(Settings(request.project, request.stack, dry_run=request.dry_run, organization=request.organization))
        if request.stack:
            self._describe(request.project, request.stack, request.config)
        return super().ConfigureStack(request, context)

    def Analyze(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Evaluate one resource, whose properties the SDK would convert again for each policy."""
        servicer: Any = super()  # the SDK leaves it untyped
        with self._analyzing([request]):
            return servicer.Analyze(proto.AnalyzeRequest(type=request.type, urn=request.urn), context)

    def AnalyzeStack(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Evaluate the rules between resources, which the SDK would convert again for each of these rules."""
        servicer: Any = super()  # the SDK leaves it untyped
        with self._analyzing(request.resources):
            return servicer.AnalyzeStack(proto.AnalyzeStackRequest(), context)

    def Remediate(self, request: Any, context: Any) -> Any:  # noqa: N802 - the protocol's name
        """Remediate one resource."""
        self._take_stack_of(request)
        servicer: Any = super()  # the SDK leaves it untyped
        return servicer.Remediate(request, context)

    def _get_enforcement_level(self, policy: pulumi_policy.Policy) -> Any:
        analyzed = ANALYZED.get().resources
        if analyzed and isinstance(policy, TypedPolicy) and analyzed[0].resource.type not in policy.types:
            return pulumi_policy.EnforcementLevel.DISABLED  # the SDK then skips it
        return super()._get_enforcement_level(policy)

    @contextmanager
    def _analyzing(self, requests: Sequence[Any]) -> Iterator[None]:
        """Have the policies evaluate these resources."""
        for request in requests[:1]:
            self._take_stack_of(request)
        token = ANALYZED.set(requested_resources(requests))
        try:
            yield
        finally:
            ANALYZED.reset(token)

    def _take_stack_of(self, request: Any) -> None:
        if not self.has_stack:
            parts = Urn.parse(request.urn)
            self._describe(parts.project, parts.stack, _written(parts.stack))

    def _describe(self, project: str, stack: str, config: Mapping[str, Any]) -> None:
        self._policies[:] = _policies(self._pack, project, stack, config)
        self.has_stack = bool(stack)


def _written(stack: str) -> Mapping[str, Any]:
    """Return the configuration in the stack's file; empty where there is none."""
    try:
        return load_stack_config(stack, ROOT, overrides=False)  # the engine reads none
    except StackFileError:
        return {}


def serve_pack(pack: Pack) -> None:
    """Serve until the engine ends this process; before it names a stack, the rules are those of prod."""

    class Servicer(PackServicer):  # a class, because the SDK also reads its attributes
        def __init__(self, *given: Any) -> None:
            super().__init__(pack, *given)

    sdk._PolicyAnalyzerServicer = Servicer  # type: ignore # noqa: SLF001 - PolicyPack takes it from there
    try:
        pulumi_policy.PolicyPack(pack.name, _policies(pack, "", "", {}))
    except WaiverFileError as error:
        sys.exit(str(error))


def _policies(pack: Pack, project: str, stack: str, config: Mapping[str, Any]) -> list[pulumi_policy.Policy]:
    return pack_policies(pack.rules, describe_stack(pack, stack, project, config))
