"""The resource types that take tags, generated from the installed provider SDK into taggable_types.txt.

`./stack generate` writes the file again.
"""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

FILE = Path(__file__).with_name("taggable_types.txt")
_TYPE = re.compile(r"'(aws:[\w-]+/\w+:\w+)',\s+resource_name,")
_INPUT = re.compile(r"def tags\(self\) -> pulumi\.Input\[Optional\[Mapping\[")


@cache
def taggable_types() -> tuple[str, ...]:
    """Return the types in the file."""
    return tuple(FILE.read_text().split())


def sdk_sources() -> dict[str, str]:
    """Return the source of each type of the installed pulumi_aws, by token; nothing of it is imported."""
    found = find_spec("pulumi_aws")
    if found is None or found.origin is None:
        raise SystemExit("pulumi_aws is not installed; run make setup")
    sources = (file.read_text() for file in sorted(Path(found.origin).parent.glob("*/*.py")) if file.name[0] != "_")
    return {type_[1]: source for source in sources if (type_ := _TYPE.search(source))}


def types_in_the_sdk() -> tuple[str, ...]:
    """Return the types of the installed pulumi_aws with an input of tags."""
    return tuple(sorted(type_ for type_, source in sdk_sources().items() if _INPUT.search(source)))


def rendered() -> str:
    """Return the file as the installed SDK has it."""
    return "\n".join(types_in_the_sdk()) + "\n"
