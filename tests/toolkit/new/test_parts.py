"""`./stack new feature`, `queue`, `schedule` and `secret` declare a part; bad input writes nothing."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.toolkit.new.conftest import contents
from toolkit.new.events import new_queue, new_schedule
from toolkit.new.feature import new_feature
from toolkit.new.fields import TYPES, parse_fields
from toolkit.new.resource_type import new_type
from toolkit.new.secret import new_secret
from toolkit.new.writing import make_and_complete
from toolkit.stacks.errors import FileError

FIELDS = "email:email name:str"
EVERY_TYPE = " ".join(f"field_{number}:{name}" for number, name in enumerate(TYPES))


def test_feature_has_its_modules_a_test_and_two_edited_files(checkout: Path) -> None:
    before = contents(checkout)
    files = new_feature(checkout, "customer-orders", FIELDS, ["email"])
    changed = {name for name, content in contents(checkout).items() if before.get(name) != content}
    assert set(files) == changed
    assert changed - before.keys() == {
        *(f"api/customer_orders/{name}.py" for name in ("__init__", "feature", "schemas", "repository", "service")),
        "api/customer_orders/router.py",
        "tests/api/test_customer_orders_end_to_end.py",
    }
    assert changed & before.keys() == {"api/definition.py", "api/main.py"}
    for name in changed:
        ast.parse((checkout / name).read_text())
    assert re.search(r"(?m)^FEATURES = \([^)]*, CUSTOMER_ORDERS\)$", (checkout / "api/definition.py").read_text())


def test_feature_of_every_field_type_imports_what_it_uses_only(checkout: Path) -> None:
    new_feature(checkout, "specimens", f"{EVERY_TYPE} more:str?", [])
    text = (checkout / "api/specimens/schemas.py").read_text()
    imported = {
        alias.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert {name for name in imported if text.count(name) < 2} == set()
    new_feature(checkout, "specimen-tags", "name:str", [])
    assert "UUID" not in (checkout / "api/specimen_tags/schemas.py").read_text()


def test_queue_schedule_and_secret_are_declared(checkout: Path) -> None:
    new_queue(checkout, "specimen-events", "specimen-worker")
    new_schedule(checkout, "specimen-cleanup", "cron(0 3 * * ? *)")
    new_secret(checkout, "specimen-key", "Signs payments")
    text = (checkout / "api/definition.py").read_text()
    assert 'Queue("specimen-events", worker=Function("specimen-worker", "api.specimen_events.worker.handler"))' in text
    assert '"specimen-cleanup", "cron(0 3 * * ? *)"' in text
    assert '"specimen-key": "Signs payments"' in text


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda root: new_feature(root, "items", FIELDS, []), "api/definition.py has ITEMS already"),
        (lambda root: new_feature(root, "main", FIELDS, []), "is taken"),
        (lambda root: new_feature(root, "clock", FIELDS, []), "api/clock.py exists already"),
        (lambda root: new_queue(root, "clock", "worker"), "api/clock.py exists already"),
        (lambda root: new_schedule(root, "clock", "rate(1 day)"), "api/clock.py exists already"),
        (lambda root: new_feature(root, "owners", FIELDS, []), "would be named owner"),
        (lambda root: new_feature(root, "requests", FIELDS, []), "would be named request"),
        (lambda root: new_feature(root, "classes", FIELDS, []), "would be named class"),
        (lambda root: new_feature(root, "none", FIELDS, []), "would be named none"),
        (lambda root: new_feature(root, "json", FIELDS, []), "choose another name"),
        (lambda root: new_feature(root, "customers", "name:str date:date", []), "the name of a type of Python"),
        (lambda root: new_feature(root, "customers", f"{'a' * 33}:str", []), "has 33 characters; use at most 32"),
        (lambda root: new_feature(root, "Customers", FIELDS, []), "use a-z, 0-9 and single -"),
        (lambda root: new_feature(root, "specimens", "name:money", []), "has no known type; write name:TYPE with str"),
        (lambda root: new_feature(root, "specimens", "name", []), "has no known type"),
        (lambda root: new_feature(root, "specimens", "id:str", []), "in every record or schema already"),
        (lambda root: new_feature(root, "specimens", "copy:str", []), "in every record or schema already"),
        (lambda root: new_feature(root, "specimens", "name:str name:str", []), "is there twice"),
        (lambda root: new_feature(root, "specimens", "name:str?", []), "needs a field that is not optional"),
        (lambda root: new_feature(root, "specimens", "na-me:str", []), "has no valid name"),
        (lambda root: new_feature(root, "specimens", FIELDS, ["age"]), "'age' cannot be an index"),
        (lambda root: new_feature(root, "specimens", "name:str age:int", ["age"]), "use one of name"),
        (lambda root: new_feature(root, "specimens", FIELDS, ["name", "name"]), "is there twice"),
        (lambda root: new_feature(root, "specimens", FIELDS, ["name"] * 21), "21 indexes are too many"),
        (lambda root: new_queue(root, "specimen-events", ""), "A queue needs a function"),
        (lambda root: new_queue(root, "specimen-events", "Worker!"), "The name of the worker"),
        (lambda root: new_queue(root, "items", "worker"), "api/definition.py has ITEMS already"),
        (lambda root: new_schedule(root, "cleanup", "daily"), "write rate(1 hour), cron(0 3 * * ? *) or at("),
        (lambda root: new_schedule(root, "cleanup", "cron(0 3 * * ?)"), "write rate(1 hour)"),
        (lambda root: new_secret(root, "cursor-key", "Again"), "exists already"),
        (lambda root: new_secret(root, "specimen-key", ""), "one line of up to 200 characters"),
        (lambda root: new_secret(root, "specimen-key", 'a "quotation"'), "one line of up to 200 characters"),
    ],
)
def test_bad_input_is_one_sentence_and_writes_nothing(
    checkout: Path, make: Callable[[Path], list[str]], words: str
) -> None:
    before = contents(checkout)
    with pytest.raises(FileError) as refusal:
        make(checkout)
    assert words in str(refusal.value)
    assert contents(checkout) == before


def test_stubs_of_a_type_have_its_properties(checkout: Path) -> None:
    files = new_type(checkout, "aws:glue/registry:Registry")
    assert files == ["toolkit/resource_types/glue.py", "toolkit/localcloud/provider/glue.py"]
    entry = (checkout / files[1]).read_text()
    assert "inputs=frozenset(" in entry
    assert 'required=frozenset({"registryName"})' in entry.replace("\n", "")
    assert '"arn"' in entry
    assert "COMPLETE" in (checkout / files[0]).read_text()


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("aws:sqs/queue:Queue", "has a record already"),
        ("aws:sqs/queues:Queues", "has no type"),
        ("sqs", "is no type of AWS"),
    ],
)
def test_known_or_unknown_type_is_refused(checkout: Path, token: str, words: str) -> None:
    before = contents(checkout)
    with pytest.raises(FileError, match=words):
        new_type(checkout, token)
    assert contents(checkout) == before


def test_existing_file_of_a_new_part_is_kept(checkout: Path) -> None:
    test = checkout / "tests/api/test_specimens_end_to_end.py"
    test.parent.mkdir(parents=True)
    test.write_text("# mine")
    with pytest.raises(FileError, match="exists already"):
        new_feature(checkout, "specimens", FIELDS, [])
    assert test.read_text() == "# mine"
    assert not (checkout / "api/specimens").exists()


def test_optional_field_has_a_question_mark() -> None:
    assert [(field.name, field.optional) for field in parse_fields("name:str born:date?")] == [
        ("name", False),
        ("born", True),
    ]


@pytest.mark.parametrize(("name", "fields"), [("titles", "title:str"), ("s", "name:str"), ("data", "data:str")])
def test_feature_may_have_a_short_name_or_that_of_its_field(checkout: Path, name: str, fields: str) -> None:
    assert f"api/{name}/router.py" in new_feature(checkout, name, fields, [fields.partition(":")[0]])


def test_part_that_the_service_refuses_leaves_nothing(checkout: Path) -> None:
    (checkout / "toolkit").mkdir()
    (checkout / "toolkit" / "__main__.py").write_text("raise SystemExit('error: two functions have this name')\n")
    before = contents(checkout / "api")
    with pytest.raises(FileError) as refusal:
        make_and_complete(checkout, lambda root: new_queue(root, "order-events", "order-worker"))
    assert str(refusal.value).endswith("generate failed: two functions have this name")
    assert contents(checkout / "api") == before
    assert not (checkout / "tests" / "api" / "test_order_events_worker.py").exists()
    assert not (checkout / "api" / "order_events").exists()
