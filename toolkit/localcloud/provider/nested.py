"""Checks of nested properties against the types of the SDK."""

import importlib
import inspect
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from keyword import iskeyword
from threading import Lock
from typing import Any, NamedTuple, get_args

from pulumi._types import input_type_py_to_pulumi_names, input_type_types, is_input_type, unwrap_type

from toolkit.localcloud.provider.entry import Properties

_IMPORTING = Lock()
"""Held while an SDK module is imported: a second thread would see it half loaded."""


class Mistake(NamedTuple):
    """A nested property, by its path, that is unknown or missing."""

    path: str
    reason: str


def nested_mistakes(type: str, inputs: Properties) -> Iterator[Mistake]:
    """Yield every unknown and every missing nested property; the entry checks the names of the first level.

    The SDK's module of a service is imported with the first of its types: all modules take seconds.
    """
    known = input_type_types(_inputs_of(type))
    for name in sorted(inputs.keys() & known.keys()):
        yield from _mistakes(known[name], inputs[name], name)


@cache
def _inputs_of(type: str) -> Any:
    """Return the class of a type's inputs: `pulumi_aws.lambda_.FunctionArgs` for `aws:lambda/function:Function`."""
    _, module, resource = type.split(":")
    service = module.split("/")[0]
    with _IMPORTING:
        package = importlib.import_module(f"pulumi_aws.{service}_" if iskeyword(service) else f"pulumi_aws.{service}")
        # The SDK names the class InitArgs where a nested type has the other name, as with s3's BucketVersioning.
        return getattr(package, f"{resource}InitArgs", None) or getattr(package, f"{resource}Args")


def _mistakes(wanted: Any, value: Any, path: str) -> Iterator[Mistake]:
    if isinstance(value, Mapping) and is_input_type(wanted):
        yield from _mistakes_in_object(wanted, value, path)
    elif isinstance(value, Mapping) and get_args(wanted):
        for key in value:
            yield from _mistakes(unwrap_type(get_args(wanted)[-1]), value[key], f"{path}.{key}")
    elif isinstance(value, list) and get_args(wanted):
        for index, item in enumerate(value):
            yield from _mistakes(unwrap_type(get_args(wanted)[0]), item, f"{path}[{index}]")


def _mistakes_in_object(wanted: Any, value: Properties, path: str) -> Iterator[Mistake]:
    known = input_type_types(wanted)
    for name in sorted(value.keys() - known.keys()):
        near = get_close_matches(name, known, n=1)
        advice = f"did you mean {near[0]}?" if near else f"it takes {', '.join(sorted(known))}"
        yield Mistake(f"{path}.{name}", f"there is no property {path}.{name}; {advice}")
    for name in sorted(_required(wanted) - value.keys()):
        yield Mistake(f"{path}.{name}", f"{path}.{name} must be given")
    for name in sorted(value.keys() & known.keys()):
        yield from _mistakes(known[name], value[name], f"{path}.{name}")


@cache
def _required(wanted: Any) -> frozenset[str]:
    names = input_type_py_to_pulumi_names(wanted)
    parameters = inspect.signature(wanted).parameters
    return frozenset(names[name] for name, parameter in parameters.items() if parameter.default is parameter.empty)
