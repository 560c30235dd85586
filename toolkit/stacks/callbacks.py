"""The transforms of a program: kept as the SDK registers them, and applied in the order of the engine.

The SDK serves callbacks to an engine over gRPC. Here they are called directly, so no server is started.
The order is the engine's: the resource's own, its parents' from the nearest on, then the stack's
(https://github.com/pulumi/pulumi/blob/master/pkg/resource/deploy/source_eval.go, read 2026-11-30).
Hooks run around operations on resources; an evaluation has none, so they are registered and never called.
"""

import asyncio
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from pulumi import InvokeTransformArgs, Output, ResourceTransformArgs
from pulumi.output import Unknown
from pulumi.resource import DependencyResource
from pulumi.runtime import _callbacks as sdk
from pulumi.runtime.proto import callback_pb2, resource_pb2
from pulumi.runtime.rpc import (
    contains_unknowns,
    deserialize_properties,
    is_rpc_secret,
    serialize_properties,
    unwrap_rpc_secret,
)

Transform = Callable[[Any], Any]
_SAME_NAME = {
    "protect": "protect",
    "retain_on_delete": "retainOnDelete",
    "ignore_changes": "ignoreChanges",
    "replace_on_changes": "replaceOnChanges",
    "additional_secret_outputs": "additionalSecretOutputs",
    "depends_on": "dependencies",
    "provider": "provider",
    "providers": "providers",
    "version": "version",
    "plugin_download_url": "pluginDownloadURL",
    "aliases": "aliases",
    "deleted_with": "deletedWith",
    "custom_timeouts": "customTimeouts",
    "replace_with": "replace_with",
    "import": "importId",
    "hooks": "hooks",
}
"""The options of a transform, and their names in a registration."""


class Callbacks(sdk._CallbackServicer):  # noqa: SLF001 - the SDK offers no other way to register a callback
    """Takes the SDK's registrations of callbacks and starts no server for them."""

    def __init__(self, monitor: Any) -> None:
        self._callbacks = {}
        self._transforms = {}
        self._state_migrations = {}
        self._monitor = monitor
        self._target = "in-process"
        self._by_token: dict[str, Transform] = {}
        self._of_resource: dict[str, list[Transform]] = {}
        self._of_stack: list[Transform] = []
        self._of_invokes: list[Transform] = []

    def register_transform(self, transform: Transform) -> callback_pb2.Callback:
        """Register the transform; its token is the same in every run."""
        callback = super().register_transform(transform)
        self._by_token[callback.token] = transform
        return callback

    def do_register_invoke_transform(self, transform: Transform) -> callback_pb2.Callback:
        """Register the transform; its token is the same in every run."""
        callback = super().do_register_invoke_transform(transform)
        self._by_token[callback.token] = transform
        return callback

    def apply_to_stack(self, token: str) -> None:
        """Apply the transform to every resource from now on."""
        self._of_stack.append(self._by_token[token])

    def apply_to_invokes(self, token: str) -> None:
        """Apply the transform to every function call from now on."""
        self._of_invokes.append(self._by_token[token])

    def keep(self, urn: str, request: Any) -> None:
        """Remember the transforms of a resource, which its children inherit."""
        if request.transforms:
            self._of_resource[urn] = [self._by_token[callback.token] for callback in request.transforms]

    def transforms_for(self, request: Any, parent_of: Callable[[str], str | None]) -> list[Transform]:
        """Return the transforms of a registration, in the engine's order."""
        found = [self._by_token[callback.token] for callback in request.transforms]
        parent: str | None = request.parent
        while parent:
            found += self._of_resource.get(parent, [])
            parent = parent_of(parent)
        return [*found, *self._of_stack]

    def invoke_transforms(self) -> list[Transform]:
        """Return the transforms of every function call."""
        return list(self._of_invokes)

    async def transformed(self, request: Any, transforms: list[Transform]) -> Any:
        """Return the transformed registration, with the dependencies of its values."""
        changed = resource_pb2.RegisterResourceRequest()
        changed.CopyFrom(request)
        for transform in transforms:
            args = ResourceTransformArgs(
                custom=changed.custom,
                type_=changed.type,
                name=changed.name,
                props={name: _as_input(name, value, changed) for name, value in _plain(changed.object).items()},
                opts=self._resource_options(_transform_request(changed)),
            )
            result = await _awaited(transform(args))
            if result is None:
                continue
            sources: dict[str, list[Any]] = {}
            changed.object.CopyFrom(await serialize_properties(result.props, sources))
            if result.opts is not None:
                _write_options(changed, await self._transformation_resource_options(result.opts, changed.name))
            await _add_sources(changed, sources)
        return changed

    async def transformed_invoke(self, request: Any, transforms: list[Transform]) -> Any:
        """Return the transformed function call."""
        changed = resource_pb2.ResourceInvokeRequest()
        changed.CopyFrom(request)
        for transform in transforms:
            options = resource_pb2.TransformInvokeOptions(provider=changed.provider, version=changed.version)
            transform_request = resource_pb2.TransformInvokeRequest(
                token=changed.tok, args=changed.args, options=options
            )
            args = InvokeTransformArgs(
                token=changed.tok,
                args=cast("Any", deserialize_properties(changed.args)),
                opts=self._invoke_options(transform_request),
            )
            result = await _awaited(transform(args))
            if result is None:
                continue
            changed.args.CopyFrom(await serialize_properties(result.args, {}))
            if result.opts is not None:
                changed.provider = (await self._transformation_invoke_options(result.opts)).provider
        return changed


def _plain(struct: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", deserialize_properties(struct, keep_unknowns=True))


def _as_input(name: str, value: Any, request: Any) -> Any:
    """Return a property as a transform reads it: an Output where it is secret, unknown or comes from resources."""
    urns = request.propertyDependencies[name].urns if name in request.propertyDependencies else ()
    if not urns:
        return _with_outputs(value)
    known, secret = not contains_unknowns(value), is_rpc_secret(value)
    plain = unwrap_rpc_secret(value) if secret else value
    return _output(_with_outputs(plain) if known else None, known, secret, urns)


def _with_outputs(value: Any) -> Any:
    if is_rpc_secret(value):
        return _output(_with_outputs(unwrap_rpc_secret(value)), True, True, ())
    if isinstance(value, Unknown):
        return _output(None, False, False, ())
    if isinstance(value, Mapping):
        return {key: _with_outputs(inner) for key, inner in value.items()}
    return [_with_outputs(inner) for inner in value] if isinstance(value, list) else value


def _output(value: Any, known: bool, secret: bool, urns: Iterable[str]) -> Output[Any]:
    loop = asyncio.get_running_loop()
    futures: list[asyncio.Future[Any]] = [loop.create_future() for _ in range(3)]
    for future, result in zip(futures, (value, known, secret), strict=True):
        future.set_result(result)
    return Output({DependencyResource(urn) for urn in urns}, *futures)


def _transform_request(request: Any) -> Any:
    options = resource_pb2.TransformResourceOptions()
    for theirs, ours in _SAME_NAME.items():
        _copy(request, ours, options, theirs)
    if request.deleteBeforeReplaceDefined:
        options.delete_before_replace = request.deleteBeforeReplace
    return resource_pb2.TransformRequest(
        type=request.type,
        name=request.name,
        custom=request.custom,
        parent=request.parent,
        properties=request.object,
        options=options,
    )


def _write_options(request: Any, options: Any) -> None:
    """Replace the options of the registration; an option that the transform leaves out is removed."""
    for theirs, ours in _SAME_NAME.items():
        request.ClearField(ours)
        _copy(options, theirs, request, ours)
    request.deleteBeforeReplaceDefined = options.HasField("delete_before_replace")
    request.deleteBeforeReplace = options.delete_before_replace


def _copy(source: Any, name: str, target: Any, new_name: str) -> None:
    """Copy a field that is set, whatever its kind."""
    if any(field.name == name for field, _ in source.ListFields()):
        part = type(target)()
        value, place = getattr(source, name), getattr(part, new_name)
        if hasattr(place, "update") and not hasattr(place, "CopyFrom"):
            place.update(value)
        elif hasattr(place, "CopyFrom"):
            place.CopyFrom(value)
        elif hasattr(place, "extend"):
            place.extend(value)
        else:
            setattr(part, new_name, value)
        target.MergeFrom(part)


async def _add_sources(request: Any, sources: Mapping[str, list[Any]]) -> None:
    """Record the dependencies of the new values; a removed property has none."""
    for name in [name for name in request.propertyDependencies if name not in request.object.fields]:
        del request.propertyDependencies[name]
    for name, resources in sources.items():
        urns = {str(await resource.urn.future()) for resource in resources}
        known = request.propertyDependencies[name].urns
        known.extend(sorted(urns - set(known)))
    used = {urn for found in request.propertyDependencies.values() for urn in found.urns}
    request.dependencies.extend(sorted(used - set(request.dependencies)))


async def _awaited(result: Any) -> Any:
    return await result if inspect.isawaitable(result) else result
