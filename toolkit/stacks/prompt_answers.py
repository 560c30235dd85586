"""Answers to functions that a program calls without waiting for an update, such as `aws.ec2.get_ami(...)`.

Their results are plain values, so a value that only AWS knows cannot be marked unknown. A text that is unknown is the
text PLACEHOLDER: wherever it ends up in a property, that property is unknown.
"""

import collections.abc
import sys
from typing import Any, get_args, get_origin

from pulumi import _types

from toolkit.stacks.marks import PLACEHOLDER


def plain_result_class() -> type | None:
    """Return the class of the result that the SDK is waiting for, where the program called the plain form.

    The request is the same in both forms; only the SDK's own call of the monitor distinguishes them.
    """
    frame = sys._getframe(1)  # noqa: SLF001 - the documented inspect.currentframe returns the same, slower
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_code.co_name == "do_invoke" and "check_dependencies" in frame.f_locals:
            return None if frame.f_locals["check_dependencies"] else frame.f_locals.get("typ")
    return None


def placeholder_of(result: type) -> dict[str, Any]:
    """Return a result of this class whose texts are placeholders; numbers and flags are absent."""
    return {name: value for name, kind in _types.output_type_types(result).items() if (value := _value(kind))}


def _value(kind: Any) -> Any:
    kind = _types.unwrap_optional_type(kind)
    if kind is str:
        return PLACEHOLDER
    if get_origin(kind) in (list, collections.abc.Sequence):
        inner = _value(get_args(kind)[0])
        return [inner] if inner else None
    if isinstance(kind, type) and _types.is_output_type(kind):
        return placeholder_of(kind)
    return None
