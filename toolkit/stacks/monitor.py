"""The resource monitor of an evaluation: answers each request of the program and records what it registers."""

import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

from google.protobuf import empty_pb2  # type: ignore[import-untyped] # protobuf ships no types
from pulumi.runtime import mocks
from pulumi.runtime.proto import provider_pb2, resource_pb2

from toolkit.resource_types.automatic_names import DEFAULT_NAMES, AutomaticNames
from toolkit.resource_types.lookup import resource_type
from toolkit.stacks.callbacks import Callbacks
from toolkit.stacks.errors import EvaluationError
from toolkit.stacks.graph import Gap, Resource, ResourceGraph
from toolkit.stacks.marks import (
    PLACEHOLDER,
    UNKNOWN,
    UNKNOWN_TEXT,
    Secret,
    holds_secret,
    reveal,
    secret_texts,
    unknown_paths,
)
from toolkit.stacks.prompt_answers import placeholder_of, plain_result_class
from toolkit.stacks.provider import Cloud, Created
from toolkit.stacks.recording import Recording
from toolkit.stacks.wire import decode, encode

T = TypeVar("T")
_STACK_REFERENCE = "pulumi:pulumi:StackReference"


class RecordingMonitor(mocks.MockMonitor):
    """The SDK's mock monitor, which also records each request.

    A request that transforms apply to is answered with a coroutine, for they run in the program's event loop.
    """

    def __init__(self, cloud: Cloud, recording: Recording, names: AutomaticNames = DEFAULT_NAMES) -> None:
        super().__init__(_NoMocks())
        self._cloud = cloud
        self._recording = recording
        self._names = names
        self.callbacks = Callbacks(self)
        self.idle_timer = IdleTimer()
        self.failure: EvaluationError | None = None
        """The first error; after it no resource is created."""

    def graph(self, program: str) -> ResourceGraph:
        """Return what the program registered; that it registered nothing at all is a gap."""
        found = self._recording
        stack, *others = found.resources
        nothing = Gap(program, "registers no resource and no output", stack.urn)
        gaps = found.gaps if others or stack.outputs else (*found.gaps, nothing)
        return ResourceGraph(found.project, found.stack, found.resources, stack.outputs, gaps, found.config)

    def GetDeploymentInfo(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Return the supported features; state migrations are accepted and do nothing."""
        parent: Any = super()  # the SDK leaves it untyped
        info = parent.GetDeploymentInfo(request)
        info.supportedFeatures.append(resource_pb2.RESOURCE_MONITOR_FEATURE_STATE_MIGRATIONS)
        return info

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Create the registered resource with the provider, and record it."""
        transforms = self.callbacks.transforms_for(request, self._recording.parent_of)
        if not transforms:
            return self._register(request)
        described = f"{request.name} ({request.type})"
        return self._after(described, self.callbacks.transformed(request, transforms), self._register)

    def RegisterStackTransform(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Apply a transform to every resource from now on."""
        self.callbacks.apply_to_stack(request.token)
        return empty_pb2.Empty()

    def RegisterStackInvokeTransform(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Apply a transform to every function call from now on."""
        self.callbacks.apply_to_invokes(request.token)
        return empty_pb2.Empty()

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Keep the outputs of a component or of the stack."""
        outputs = self._attempt("the outputs", lambda: decode(request.outputs))
        self._refuse_unknown(self._recording.name_of(request.urn), outputs)
        self._recording.write(request.urn, outputs=outputs)
        return empty_pb2.Empty()

    def Invoke(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Return the provider's answer to a function call."""
        transforms, at_once = self.callbacks.invoke_transforms(), plain_result_class()
        if not transforms:
            return self._invoke(request, at_once)
        transformed = self.callbacks.transformed_invoke(request, transforms)
        return self._after(request.tok, transformed, lambda changed: self._invoke(changed, at_once))

    def Call(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Leave the result of a resource's method unknown: only its provider's plugin can run it."""
        self._gap(request.tok, "is a method that a provider's plugin runs; its result is unknown here")
        return provider_pb2.CallResponse(**{"return": encode({"result": UNKNOWN})})

    def ReadResource(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Leave the properties of a resource outside this stack unknown."""
        described = f"{request.name} ({request.type})"
        if request.type == _STACK_REFERENCE:
            self._gap(described, "reads the outputs of another stack, which are unknown here")
        else:
            self._gap(described, "reads a resource of another owner, whose properties are unknown here")
        known = self._attempt(described, lambda: decode(request.properties))
        urn = self._recording.make_urn(request.parent, request.type, request.name)
        identity = "" if request.id == UNKNOWN_TEXT or PLACEHOLDER in request.id else request.id
        return resource_pb2.ReadResourceResponse(urn=urn, id=identity, properties=encode(known))

    def ExistsResource(self, request: Any) -> Any:  # noqa: N802 - the protocol's name
        """Raise an error: only AWS knows whether a resource exists."""
        self._fail(f"{request.id} ({request.type}): only the cloud knows whether it exists.")

    async def _after(self, described: str, transformed: Awaitable[Any], answer: Callable[[Any], Any]) -> Any:
        """Return the answer to the request that the transforms make of the program's."""
        try:
            changed = await transformed
        except Exception as error:
            self._fail(f"{described}: a transform failed with {type(error).__name__}: {_message(error)}", error)
        return answer(changed)

    def _register(self, request: Any) -> Any:
        described = f"{request.name} ({request.type})"
        if PLACEHOLDER in request.name:
            self._fail(f"The name of a resource ({request.type}) comes from a function that only AWS can answer.")
        urn = self._recording.make_urn(request.parent, request.type, request.name)
        if urn in self._recording:
            self._fail(f"{described} is registered twice; give one of them another name.")
        inputs = self._attempt(described, lambda: decode(request.object))
        self._refuse_unknown(described, inputs)
        provider = self._recording.provider_of(request) if request.custom else None
        self._recording.add(_resource(urn, inputs, request, provider))
        self._recording.keep_providers(urn, request)
        self.callbacks.keep(urn, request)
        created = Created("", {} if request.remote else dict(inputs))
        if request.custom:
            made_by = self._recording.inputs_of(provider)
            created = self._attempt(described, lambda: self._create(request.type, request.name, inputs, made_by))
        elif request.remote:
            self._gap(described, "is made by a plugin, whose resources are unknown here", urn)
        outputs = _outputs(inputs, created, request.additionalSecretOutputs)
        self._recording.write(urn, id=created.id, outputs=outputs)
        return resource_pb2.RegisterResourceResponse(urn=urn, id=created.id, object=encode(outputs))

    def _invoke(self, request: Any, at_once: type | None) -> Any:
        args = self._attempt(request.tok, lambda: reveal(decode(request.args)))
        self._refuse_unknown(request.tok, args)
        ref = self._recording.provider_of(request)
        made_by = self._recording.inputs_of(ref)
        answer = self._attempt(request.tok, lambda: self._cloud.invoke(request.tok, args, made_by))
        if answer is None:
            self._gap(request.tok, "is a function that only the cloud can answer; its result is unknown here")
            if at_once is None:
                return resource_pb2.ResourceInvokeResponse(unknown=True)
            known = {key: value for key, value in args.items() if not any(unknown_paths(value))}
            answer = {**placeholder_of(at_once), **known}
        return resource_pb2.ResourceInvokeResponse(**{"return": encode(answer)})

    def _create(self, type_: str, name: str, inputs: Mapping[str, Any], provider: Mapping[str, Any]) -> Created:
        """Create the resource with the provider; an error message is passed on without the secrets of the inputs."""
        form, plain = resource_type(type_).name, reveal(inputs)
        if form and (mistake := form.mistake(plain, name, self._names.of(type_))):
            raise _ProviderError(f"{mistake}.")
        try:
            with self.idle_timer.working():
                return self._cloud.create(type_, name, plain, provider, self._names)
        except Exception as error:
            words = str(error) or type(error).__name__
            for secret in filter(None, secret_texts(inputs)):
                words = words.replace(secret, "[secret]")
            raise _ProviderError(words) from error

    def _gap(self, subject: str, why: str, urn: str = "") -> None:
        if not self._cloud.dry_run_only:
            self._fail(f"{subject} {why}, so it cannot be made.")
        self._recording.add_gap(Gap(subject, why, urn))

    def _refuse_unknown(self, what: str, values: Mapping[str, Any]) -> None:
        if not self._cloud.dry_run_only and (path := next(unknown_paths(values), None)):
            self._fail(f"{what}: {path} waits for an output that the provider did not give.")

    def _attempt(self, what: str, work: Callable[[], T]) -> T:
        self.idle_timer.step()
        if self.failure:
            raise self.failure
        try:
            return work()
        except EvaluationError:
            raise
        except Exception as error:
            self._fail(f"{what}: {_message(error)}", error)

    def _fail(self, sentence: str, cause: BaseException | None = None) -> NoReturn:
        failure = EvaluationError(sentence)
        if self.failure is None:
            self.failure = failure
        raise failure from cause


class _ProviderError(Exception):
    """The error of a provider, without secrets."""


class _NoMocks(mocks.Mocks):
    """The base class wants mocks; every method that would call them is overridden."""

    def call(self, _args: mocks.MockCallArgs) -> tuple[dict[str, Any], None]:
        return {}, None

    def new_resource(self, _args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        return None, {}


def _message(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _resource(urn: str, inputs: Mapping[str, Any], request: Any, provider: str | None) -> Resource:
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
        provider=provider,
        aliases=tuple(alias.urn or alias.spec.name for alias in request.aliases),
    )


def _outputs(inputs: Mapping[str, Any], created: Created, secret_names: list[str]) -> dict[str, Any]:
    """Return inputs and outputs; an output is secret if its input is, or if the program marks it."""
    secret = {name for name, value in inputs.items() if holds_secret(value)} | set(secret_names)
    return {name: Secret(value) if name in secret else value for name, value in {**inputs, **created.outputs}.items()}


class IdleTimer:
    """Counts the time since the program's last request, without the provider's own work."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = time.monotonic()
        self._working = 0

    def step(self) -> None:
        """Note a request of the program."""
        self._last = time.monotonic()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Note that the provider works."""
        with self._lock:
            self._working += 1
        try:
            yield
        finally:
            with self._lock:
                self._working -= 1
            self.step()

    @property
    def idle_seconds(self) -> float:
        """Return the seconds without progress."""
        return 0.0 if self._working else time.monotonic() - self._last
