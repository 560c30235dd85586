"""`new queue` and `new schedule`: functions that events invoke, declared, with their code and tests."""

from pathlib import Path

from toolkit.new.declaration import DEFINITION, declare
from toolkit.new.names import check_module, check_resource, constant, pascal, singular, snake, words
from toolkit.new.writing import rendered, write_all
from toolkit.resource_types.schedule_expression import EXAMPLES, is_valid
from toolkit.stacks.errors import FileError, shown


def new_queue(root: Path, name: str, worker: str) -> list[str]:
    """Write a queue with its worker, and declare both; return the names of the files. Raise FileError."""
    check_resource("the queue", name)
    if not worker:
        raise FileError("A queue needs a function that processes its messages: --worker order-worker.")
    check_resource("the worker", worker)
    return _new_part(root, "queue", name, ("__init__", "messages", "worker"), "worker", worker=worker)


def new_schedule(root: Path, name: str, expression: str) -> list[str]:
    """Write the function of a schedule, and declare it; return the names of the files. Raise FileError."""
    check_resource("the schedule", name)
    if not is_valid(expression):
        raise FileError(
            f"The schedule is {shown(expression)}; write {EXAMPLES}, in UTC. The fields of cron are minutes, hours, "
            "days, months, days of the week and years; one of the two fields for days is a question mark."
        )
    return _new_part(root, "schedule", name, ("__init__", "job"), "job", expression=expression)


def _new_part(root: Path, kind: str, name: str, modules: tuple[str, ...], tested: str, **more: str) -> list[str]:
    folder = check_module(root, f"the {kind}", name)
    values = {
        "name": name,
        "module": snake(name),
        "constant": constant(name),
        "words": words(name),
        "Words": words(name).capitalize(),
        "message_class": pascal(singular(name)),
        "region": "eu-central-1",
        **more,
    }
    new = {f"{folder}/{module}.py": rendered(f"{kind}/{module}.py.j2", **values) for module in modules}
    new[f"tests/api/test_{snake(name)}_{tested}.py"] = rendered(f"{kind}/test_{tested}.py.j2", **values)
    definition = declare(root, constant(name), rendered(f"{kind}/definition.py.j2", **values))
    return write_all(root, new, {DEFINITION: definition})
