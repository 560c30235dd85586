"""What holds the data of prod cannot be lost by accident."""

from collections.abc import Callable

import pytest

from tests.engine.engine import Engine
from tests.engine.left_behind import left_in


@pytest.fixture(scope="module")
def prod(engine_of: Callable[[str], Engine]) -> Engine:
    engine = engine_of("prod")
    engine.done("up")
    return engine


def test_prod_stays_as_it_is(prod: Engine) -> None:
    assert prod.done("up", "--expect-no-changes").operations == {}
    assert prod.done("refresh", "--expect-no-changes").operations == {}


def test_a_protected_table_is_not_replaced(prod: Engine) -> None:
    tables = prod.aws.connection.client("dynamodb").list_tables()["TableNames"]
    file = prod.root / "infrastructure" / "components" / "table.py"
    text = file.read_text()
    file.write_text(text.replace('"record"', '"entry"'))
    try:
        shown = prod.run("preview")
        assert shown.code != 0
        assert shown.named_operations["items-table"] == "replace"
        refused = prod.run("up")
    finally:
        file.write_text(text)
    assert refused.code != 0
    assert "items-table" in refused.output
    assert "protect" in refused.output
    assert prod.aws.connection.client("dynamodb").list_tables()["TableNames"] == tables
    assert prod.done("up", "--expect-no-changes").operations == {}


def test_prod_is_not_destroyed_and_says_what_protects_it(prod: Engine) -> None:
    before = len(prod.state)
    refused = prod.run("destroy")
    assert refused.code != 0
    for name in ("items-table", "sessions-table", "attachments-bucket", "sign-in-pool"):
        assert name in refused.output
    assert len(prod.state) == before
    assert len(prod.aws.connection.client("dynamodb").list_tables()["TableNames"]) == 2


def test_prod_goes_once_both_protections_are_lifted_on_purpose(prod: Engine) -> None:
    prod.done("state", "unprotect", "--all", "--yes")
    refused = prod.run("destroy")
    assert refused.code != 0
    assert "DeletionProtectionEnabled" in refused.output

    dynamodb = prod.aws.connection.client("dynamodb")
    for table in dynamodb.list_tables()["TableNames"]:
        dynamodb.update_table(TableName=table, DeletionProtectionEnabled=False)
    prod.done("destroy")
    assert left_in(prod.aws.connection) == {}
    assert prod.state == []
