"""Says in one sentence what is wrong with a file that pydantic refused."""

from pydantic import ValidationError

from toolkit.stacks.errors import shown


def sentence(file: str, error: ValidationError) -> str:
    """The file, the place, the value and what is accepted."""
    first = error.errors(include_url=False)[0]
    where = ".".join(str(step) for step in first["loc"]) or "the whole"
    if first["type"] == "missing":
        return f"{file}: {where} is missing; write it."
    if first["type"] == "extra_forbidden":
        return f"{file}: {where} is no key that is known; take it away or correct its spelling."
    words = first["msg"].removeprefix("Value error, ")
    if isinstance(first["input"], str | int | float):
        return f"{file}: {where} is {shown(first['input'])}: {words}."
    return f"{file}: {where}: {words}."
