"""The engine's side of an evaluation: answers each registration of the program and writes it down."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NoReturn, TypeVar

from google.protobuf import empty_pb2  # type: ignore[import-untyped] # protobuf ships no types
from pulumi.runtime import mocks
from pulumi.runtime.proto import resource_pb2

from stackgraph.errors import EvaluationError
from stackgraph.graph import STACK_TYPE, Resource
from stackgraph.provider import Created, ResourceProvider
from stackgraph.secret import Secret, holds_secret, reveal, secret_texts
from stackgraph.wire import UnknownValueError, decode, encode

T = TypeVar("T")


class RecordingMonitor(mocks.MockMonitor):
    """The SDK's own monitor for programs without an engine, which also keeps what each request says."""

    def __init__(self, provider: ResourceProvider, project: str, stack: str) -> None:
        super().__init__(_NoMocks())
        self._provider = provider
        self._prefix = f"urn:pulumi:{stack}::{project}::"
        self._recorded: dict[str, Resource] = {}
        self.failure: EvaluationError | None = None
        """The first thing that went wrong; after it nothing more is made."""

    @property
    def recorded(self) -> tuple[Resource, ...]:
        """What was registered so far."""
        return tuple(self._recorded.values())

    def make_urn(self, parent: str, type_: str, name: str) -> str:
        """The URN that the engine would give: the types of all parents but the stack's, then the resource's own."""
        parents = parent.split("::")[2] if parent else STACK_TYPE
        qualified = type_ if parents == STACK_TYPE else f"{parents}${type_}"
        return f"{self._prefix}{qualified}::{name}"

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Have the provider make what the program registers, and write both down."""
        described = f"{request.name} ({request.type})"
        urn = self.make_urn(request.parent, request.type, request.name)
        if urn in self._recorded:
            self._fail(f"{described} is registered twice; give one of them another name.")
        inputs = self._attempt(described, lambda: decode(request.object))
        self._recorded[urn] = _resource(urn, inputs, request)
        created = Created("", dict(inputs))
        if request.custom:
            created = self._attempt(described, lambda: self._create(request.type, request.name, inputs))
        outputs = _outputs(inputs, created, request.additionalSecretOutputs)
        self._recorded[urn] = replace(self._recorded[urn], id=created.id, outputs=outputs)
        self.resources[urn] = mocks.MockMonitor.ResourceRegistration(urn, created.id, outputs)
        return resource_pb2.RegisterResourceResponse(urn=urn, id=created.id, object=encode(outputs))

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Keep the outputs of a component or of the stack."""
        resource = self._recorded[request.urn]
        outputs = self._attempt(resource.name, lambda: decode(request.outputs))
        self._recorded[request.urn] = replace(resource, outputs=outputs)
        return empty_pb2.Empty()

    def Invoke(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Have the provider answer a function call."""
        args = self._attempt(request.tok, lambda: reveal(decode(request.args)))
        answer = self._attempt(request.tok, lambda: self._provider.invoke(request.tok, args))
        return resource_pb2.ResourceInvokeResponse(**{"return": encode(answer)})

    def ReadResource(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Refuse to read what the stack does not own."""
        self._fail(
            f"{request.name} ({request.type}) reads a resource of another owner, which cannot be evaluated offline."
        )

    def _create(self, type_: str, name: str, inputs: Mapping[str, Any]) -> Created:
        """Have the provider make the resource; its words are passed on without the secrets that it was given."""
        try:
            return self._provider.create(type_, name, reveal(inputs))
        except Exception as error:
            words = str(error) or type(error).__name__
            for secret in filter(None, secret_texts(inputs)):
                words = words.replace(secret, "[secret]")
            raise _ProviderError(words) from error

    def _attempt(self, what: str, work: Callable[[], T]) -> T:
        if self.failure:
            raise self.failure
        try:
            return work()
        except UnknownValueError as error:
            self._fail(f"{what}: {error} waits for an output that the provider did not give.")
        except Exception as error:
            self._fail(f"{what}: {error}" if str(error) else f"{what}: {type(error).__name__}", error)

    def _fail(self, sentence: str, cause: BaseException | None = None) -> NoReturn:
        failure = EvaluationError(sentence)
        if self.failure is None:
            self.failure = failure
        raise failure from cause


class _ProviderError(Exception):
    """What a provider said, fit to be shown."""


class _NoMocks(mocks.Mocks):
    """The base class wants mocks; every method that would call them is overridden."""

    def call(self, _args: mocks.MockCallArgs) -> tuple[dict[str, Any], None]:
        return {}, None

    def new_resource(self, _args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        return None, {}


def _resource(urn: str, inputs: Mapping[str, Any], request: Any) -> Resource:
    return Resource(
        urn=urn,
        type=request.type,
        name=request.name,
        custom=request.custom,
        id="",
        parent=request.parent or None,
        inputs=inputs,
        outputs={},
        protect=request.protect,
        retain_on_delete=request.retainOnDelete,
        ignore_changes=tuple(request.ignoreChanges),
        depends_on=tuple(sorted(request.dependencies)),
        property_dependencies={
            name: tuple(sorted(dependencies.urns))
            for name, dependencies in sorted(request.propertyDependencies.items())
            if dependencies.urns
        },
        provider=request.provider or None,
        aliases=tuple(alias.urn or alias.spec.name for alias in request.aliases),
    )


def _outputs(inputs: Mapping[str, Any], created: Created, secret_names: list[str]) -> dict[str, Any]:
    """Inputs and outputs together; an output is secret when the input of its name is, or the program says so."""
    secret = {name for name, value in inputs.items() if holds_secret(value)} | set(secret_names)
    return {name: Secret(value) if name in secret else value for name, value in {**inputs, **created.outputs}.items()}
