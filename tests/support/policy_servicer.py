"""The SDK's own policy servicer, asked as the engine asks it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pulumi_policy
from google.protobuf.struct_pb2 import Struct  # type: ignore[import-untyped] # protobuf ships no types
from pulumi.runtime import Settings, configure, proto
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from policies.pack import PACK
from toolkit.policy.crossguard import pack_policies
from toolkit.policy.pack_server import PackServicer
from toolkit.policy.rule import Rule
from toolkit.policy.stack import Stack
from toolkit.policy.waivers import Waiver
from toolkit.stacks.marks import KIND
from toolkit.stacks.settings import Environment

TODAY = date(2026, 11, 21)
TAGS = {"project": "items-api", "stack": "prod", "owner": "a-team", "cost-center": "items"}
PROVIDER = {
    "region": "eu-central-1",
    "allowedAccountIds": '["333333333333"]',
    "defaultTags": json.dumps({"tags": TAGS}),
}
SECRET = "1b47061264138c4ac30d75fd1eb44270"
UNKNOWN = UNKNOWN_STRING_VALUE
CONFIG = {"items-api:usage": {"requests": 1_000_000, "duration-ms": 100}}


def secret(value: Any) -> dict[str, Any]:
    """The value as the engine sends a secret."""
    return {KIND: SECRET, "value": value}


def a_stack(environment: Environment = "prod", **fields: Any) -> Stack:
    """A stack of this project, as the pack describes it."""
    described = {"project": "items-api", "values": PACK.values(environment), "settings": PACK.settings}
    return Stack(**{"name": "prod", "environment": environment, "today": TODAY, **described, **fields})


def urn(type_: str, name: str = "subject") -> str:
    """The URN of a resource in the stack that is evaluated."""
    return f"urn:pulumi:prod::items-api::{type_}::{name}"


@dataclass(frozen=True)
class Subject:
    """A resource as the engine shows it to a policy."""

    type: str
    properties: Mapping[str, Any]
    name: str = "subject"
    protect: bool = False
    ignore_changes: tuple[str, ...] = ()
    dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By property, the names of the resources that its value comes from; resources are identified by name."""
    after: tuple[str, ...] = ()
    """The names of the resources in its option dependsOn."""
    provider: Mapping[str, Any] = field(default_factory=lambda: PROVIDER)


class Servicer:
    """The pack's servicer for some rules and one stack."""

    def __init__(
        self,
        rules: Iterable[Rule],
        environment: Environment = "prod",
        *,
        waivers: tuple[Waiver, ...] = (),
        preview: bool = False,
    ) -> None:
        policies = pack_policies(rules, a_stack(environment, waivers=waivers, config=CONFIG))
        # The SDK's methods carry no types.
        self._servicer: Any = PackServicer(
            PACK, "items-api", "0.1.0", policies, pulumi_policy.EnforcementLevel.ADVISORY
        )
        self._servicer.has_stack = True
        self._preview = preview

    def analyze(self, subject: Subject) -> list[Any]:
        """The diagnostics on one resource."""
        self._configure()
        return list(self._servicer.Analyze(_request(subject, proto.AnalyzeRequest, {}), None).diagnostics)

    def analyze_stack(self, *subjects: Subject) -> list[Any]:
        """The diagnostics on a whole stack."""
        self._configure()
        return list(self._servicer.AnalyzeStack(whole_stack(*subjects), None).diagnostics)

    def remediate(self, subject: Subject) -> list[Any]:
        """What is written into the resource."""
        self._configure()
        return list(self._servicer.Remediate(_request(subject, proto.AnalyzeRequest, {}), None).remediations)

    def _configure(self) -> None:
        configure(Settings("items-api", "prod", dry_run=self._preview))


def whole_stack(*subjects: Subject) -> Any:
    """What the engine asks of a stack with these resources."""
    urns = {subject.name: urn(subject.type, subject.name) for subject in subjects}
    return proto.AnalyzeStackRequest(
        resources=[_request(subject, proto.AnalyzerResource, urns) for subject in subjects]
    )


def _request(subject: Subject, kind: Any, urns: Mapping[str, str]) -> Any:
    return kind(
        type=subject.type,
        urn=urn(subject.type, subject.name),
        name=subject.name,
        properties=_struct(subject.properties),
        options=proto.AnalyzerResourceOptions(protect=subject.protect, ignoreChanges=subject.ignore_changes),
        provider=proto.AnalyzerProviderResource(
            type="pulumi:providers:aws",
            urn=urn("pulumi:providers:aws", "aws"),
            name="aws",
            properties=_struct(subject.provider),
        ),
        **_related(subject, urns),
    )


def _related(subject: Subject, urns: Mapping[str, str]) -> dict[str, Any]:
    if not urns:
        return {}
    found = {
        name: proto.AnalyzerPropertyDependencies(
            urns=[urns.get(other, urn("of:another/stack:Resource", other)) for other in others]
        )
        for name, others in subject.dependencies.items()
    }
    return {"propertyDependencies": found, "dependencies": [urns[name] for name in subject.after if name in urns]}


def _struct(properties: Mapping[str, Any]) -> Any:
    struct = Struct()
    struct.update(properties)
    return struct
