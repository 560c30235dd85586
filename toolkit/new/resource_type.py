"""`new type`: a record and a provider entry of an AWS type, with its properties, to be completed."""

import inspect
import re
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from toolkit.new.names import constant
from toolkit.new.source_edits import Source
from toolkit.new.writing import rendered, write_all
from toolkit.resource_types.lookup import resource_types
from toolkit.stacks.errors import FileError, shown
from toolkit.stacks.files import read_text

_TOKEN = re.compile(r"aws:([a-z0-9]+)/([A-Za-z0-9]+):([A-Z][A-Za-z0-9]*)")
_RECORDS, _ENTRIES = "toolkit/resource_types", "toolkit/localcloud/provider"


class Properties(NamedTuple):
    """The properties of a type in pulumi_aws, in the engine's spelling."""

    inputs: list[str]
    required: list[str]
    outputs: list[str]


def new_type(root: Path, token: str) -> list[str]:
    """Add the stubs of a type; return the names of the files. Raise FileError."""
    found = _TOKEN.fullmatch(token)
    if not found:
        raise FileError(f"{shown(token)} is no type of AWS; write it as Pulumi does, such as aws:sqs/queue:Queue.")
    if token in resource_types():
        raise FileError(f"{token} has a record already, below {_RECORDS}.")
    service, kind = found[1], found[3]
    properties = _properties(service, kind, token)
    module = f"{service}_" if service == "lambda" else service
    noun = re.sub(r"(?<!^)(?=[A-Z])", "_", kind).lower()
    values = {"token": token, "service": service, "module": module, "noun": noun, "constant": constant(noun)}
    new, changed = {}, {}
    for folder, name, template in ((_RECORDS, "TYPES", "record"), (_ENTRIES, "ENTRIES", "entry")):
        path = f"{folder}/{module}.py"
        element = rendered(f"resource_type/{template}.j2", **values, **properties._asdict())
        if (root / path).exists():
            source = Source(path, read_text(root / path))
            if template == "record":
                source.insert_before(name, f'{values["constant"]} = "{token}"\n')
            source.append(name, element)
            changed[path] = source.text
        else:
            new[path] = rendered(f"resource_type/{template}_module.py.j2", **values, element=element)
    return write_all(root, new, changed)


def next_steps(token: str) -> list[str]:
    """Return what the stubs leave open."""
    return [
        f"complete what is marked COMPLETE; an example of {token} belongs in tests/support/examples/",
        "a rule in policies/rules/, or `no_rule` in the record; a price in toolkit/cost/, or `free` in the record",
    ]


def _properties(service: str, kind: str, token: str) -> Properties:
    try:
        package = import_module(f"pulumi_aws.{'lambda_' if service == 'lambda' else service}")
        resource: Any = getattr(package, kind)
        arguments = getattr(import_module(resource.__module__), f"{kind}Args")
    except (ImportError, AttributeError):
        raise FileError(f"The installed pulumi-aws has no type {token}.") from None
    parameters = [each for each in inspect.signature(arguments.__init__).parameters.values() if each.name != "__self__"]
    inputs = {_camel(each.name): each.default is inspect.Parameter.empty for each in parameters}
    attributes = [_camel(name) for name, value in vars(resource).items() if isinstance(value, property)]
    known = inputs.keys() | {"tagsAll", "region"}
    return Properties(
        inputs=[name for name in inputs if name != "region"],
        required=[name for name, required in inputs.items() if required],
        outputs=[name for name in attributes if name not in known],
    )


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
