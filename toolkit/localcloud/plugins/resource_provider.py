"""The resource provider of the local cloud over Pulumi's provider protocol, for the real engine."""

import os
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import grpc  # type: ignore[import-untyped] # grpc ships no types
from google.protobuf import empty_pb2  # type: ignore[import-untyped] # protobuf ships no types
from pulumi.runtime.proto import plugin_pb2, provider_pb2
from pulumi.runtime.proto.provider_pb2_grpc import ResourceProviderServicer
from pulumi.runtime.rpc import UNKNOWN

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.plugins.properties import encode_outputs, properties, without_unknowns
from toolkit.localcloud.provider import AwsProvider, ProviderError
from toolkit.localcloud.provider.account import AccountSettings
from toolkit.localcloud.provider.entry import Entry
from toolkit.localcloud.provider.nested import nested_mistakes
from toolkit.localcloud.provider.registry import entry_of
from toolkit.resource_types.automatic_names import DEFAULT_NAMES, NamePattern
from toolkit.resource_types.lookup import resource_type
from toolkit.stacks import reveal
from toolkit.stacks.marks import secret_texts
from toolkit.stacks.wire import encode

DEFAULTS = "__defaults"
"""The input with the names of the inputs that the provider generated."""


def reporting_errors(method: Callable[[Any, Any], Any]) -> Callable[[Any, Any, Any], Any]:
    """Turn a provider's error into the call's error, without the secrets of the request."""

    def call(self: Any, request: Any, context: Any) -> Any:
        try:
            return method(self, request)
        except ProviderError as error:
            message = str(error)
            for struct in ("news", "properties", "olds", "args"):
                if hasattr(request, struct):
                    for secret in filter(None, secret_texts(properties(getattr(request, struct)))):
                        message = message.replace(secret, "[secret]")
            context.abort(grpc.StatusCode.UNKNOWN, message)

    return call


class AwsResourceProvider(ResourceProviderServicer):
    """The provider of the account that AWS_ENDPOINT_URL and AWS's key variables name."""

    # The protocol defines the names of the methods.
    # ruff: noqa: N802

    def Handshake(self, _request: Any, _context: Any) -> Any:
        """Agree on marked secrets and on the names that the engine proposes."""
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, supports_autonaming_configuration=True)

    def GetPluginInfo(self, _request: Any, _context: Any) -> Any:
        """Return a version that every SDK accepts."""
        return plugin_pb2.PluginInfo(version="7.99.0")

    def Cancel(self, _request: Any, _context: Any) -> Any:
        """Do nothing: each call is short."""
        return empty_pb2.Empty()

    @reporting_errors
    def CheckConfig(self, request: Any) -> Any:
        """Reject settings that the provider does not have."""
        unknown = sorted(properties(request.news).keys() - AccountSettings.INPUTS)
        failures = [provider_pb2.CheckFailure(property=name, reason=f"no support for {name}") for name in unknown]
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    @reporting_errors
    def DiffConfig(self, request: Any) -> Any:
        """Replace the provider, and with it every resource, where the region changes."""
        old, new = properties(request.old_inputs), properties(request.news)
        changed = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)} - {"version"}
        return _difference(changed, changed & {"region"}, old)

    @reporting_errors
    def Configure(self, request: Any) -> Any:
        """Connect to the region that the program names."""
        settings = reveal(properties(request.args))
        connection = AwsConnection(
            os.environ["AWS_ENDPOINT_URL"],
            settings["region"],
            os.environ["AWS_ACCESS_KEY_ID"],
            os.environ["AWS_SECRET_ACCESS_KEY"],
        )
        account = connection.client("sts").get_caller_identity()["Account"]
        self._provider = AwsProvider(connection, account, Path.cwd())
        self._provider.create(AccountSettings.TOKEN, "aws", settings)
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    @reporting_errors
    def Invoke(self, request: Any) -> Any:
        """Answer a function of the provider."""
        answer = self._provider.invoke(request.tok, reveal(properties(request.args)))
        return provider_pb2.InvokeResponse(**{"return": encode(answer)})

    @reporting_errors
    def Check(self, request: Any) -> Any:
        """Reject unknown and missing properties, also nested ones; generate a name where the program gives none."""
        entry, old, new = entry_of(request.type), properties(request.olds), properties(request.news)
        failures = [
            *(_failure(name, f"{entry.type} has no property {name}") for name in sorted(new.keys() - entry.inputs)),
            *(_failure(name, f"{name} must be given") for name in sorted(entry.required - new.keys())),
            *(
                _failure(mistake.path, f"{entry.type}: {mistake.reason}")
                for mistake in nested_mistakes(entry.type, reveal(without_unknowns(request.news)))
            ),
        ]
        named, failure = _named(request, entry, old, new)
        failures += [failure] if failure else []
        return provider_pb2.CheckResponse(inputs=encode_outputs(named, request.news), failures=failures)

    @reporting_errors
    def Diff(self, request: Any) -> Any:
        """Return what changes in place and what needs a replacement."""
        old, new, state = (reveal(properties(struct)) for struct in (request.old_inputs, request.news, request.olds))
        new |= {key: old[key] for key in request.ignoreChanges if key in old}
        changes = self._provider.compare(request.type, request.id, state, old, new)
        names = set(changes.properties) | ({"tags"} if changes.tags else set())
        return _difference(
            names, set(changes.replacing), old, same_name=_has_same_name(entry_of(request.type), old, new)
        )

    @reporting_errors
    def Create(self, request: Any) -> Any:
        """Create the resource. A preview returns its inputs only."""
        inputs = properties(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(properties=encode(_shown(inputs)))
        created = self._provider.create(request.type, request.name, reveal(inputs))
        return provider_pb2.CreateResponse(
            id=created.id, properties=encode_outputs(created.outputs, request.properties)
        )

    @reporting_errors
    def Read(self, request: Any) -> Any:
        """Return the state in AWS. An input changes only where AWS returns another value than before."""
        before = reveal(properties(request.properties))
        state = self._provider.read(request.type, request.id, before)
        if state is None:
            return provider_pb2.ReadResponse()
        if "tagsAll" in state:
            state["tags"] = before.get("tags") if state["tagsAll"] == before.get("tagsAll") else state["tagsAll"]
        given = properties(request.inputs)
        found = {
            key: reveal(given.get(key)) if before.get(key) == state.get(key) else state.get(key)
            for key in given.keys() or entry_of(request.type).inputs
        }
        return provider_pb2.ReadResponse(
            id=request.id,
            properties=encode_outputs(_present(state), request.properties),
            inputs=encode_outputs(_present(found), request.inputs),
        )

    @reporting_errors
    def Update(self, request: Any) -> Any:
        """Change the resource in place. In a preview, the outputs that change are unknown."""
        old, new, state = properties(request.old_inputs), properties(request.news), properties(request.olds)
        new |= {key: old[key] for key in request.ignoreChanges if key in old}
        if request.preview:
            changes = self._provider.compare(request.type, request.id, reveal(state), reveal(old), reveal(new))
            later = dict.fromkeys(entry_of(request.type).changed_outputs(changes.properties), UNKNOWN)
            return provider_pb2.UpdateResponse(
                properties=encode_outputs({**state, **_shown(new), **later}, request.olds)
            )
        outputs = self._provider.update(request.type, request.id, reveal(old), reveal(new))
        return provider_pb2.UpdateResponse(properties=encode_outputs(outputs, request.news))

    @reporting_errors
    def Delete(self, request: Any) -> Any:
        """Delete the resource. A missing one is no error."""
        self._provider.delete(request.type, request.id, reveal(properties(request.properties)))
        return empty_pb2.Empty()


def _failure(name: str, reason: str) -> Any:
    return provider_pb2.CheckFailure(property=name, reason=reason)


def _named(request: Any, entry: Entry, old: dict[str, Any], new: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    """Return the inputs with a name, as before where it was generated, and the failure of a name that AWS refuses."""
    name = entry.name_property
    generated = name is not None and name not in new
    if name is not None and generated and name in old.get(DEFAULTS, ()):
        return {**new, name: old[name], DEFAULTS: [name]}, None
    pattern, form = _proposed(request), resource_type(entry.type).name
    known = form is not None and new.get(form.property) != UNKNOWN
    if form and known and (mistake := form.mistake(reveal(new), request.name, pattern)):
        return dict(new), _failure(form.property, mistake)
    named = entry.named(request.name, new, pattern, Random(request.randomSeed))  # noqa: S311 - the engine's seed
    return ({**named, DEFAULTS: [name]} if generated else named), None


def _proposed(request: Any) -> NamePattern:
    """Return the name that the engine proposes, as a pattern; the default one where it proposes none."""
    if not request.HasField("autonaming"):
        return DEFAULT_NAMES.pattern
    proposed = request.autonaming
    return NamePattern(
        proposed.proposed_name,
        enforced=proposed.mode == proposed.ENFORCE,
        disabled=proposed.mode == proposed.DISABLE,
    )


def _shown(inputs: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in inputs.items() if key != DEFAULTS}


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _has_same_name(entry: Entry, old: dict[str, Any], new: dict[str, Any]) -> bool:
    """Return whether both resources have the same name, so that the old one must be deleted first."""
    name = entry.name_property
    return name is not None and name not in new.get(DEFAULTS, ()) and old.get(name) == new.get(name)


def _difference(changed: set[str], replacing: set[str], old: dict[str, Any], *, same_name: bool = False) -> Any:
    kinds = provider_pb2.PropertyDiff

    def kind(name: str) -> Any:
        if name in replacing:
            return kinds.UPDATE_REPLACE if name in old else kinds.ADD_REPLACE
        return kinds.UPDATE if name in old else kinds.ADD

    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE,
        diffs=sorted(changed),
        replaces=sorted(replacing),
        deleteBeforeReplace=bool(replacing) and same_name,
        detailedDiff={name: kinds(kind=kind(name), inputDiff=True) for name in sorted(changed)},
        hasDetailedDiff=True,
    )
