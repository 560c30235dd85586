"""Event sources of a kept account deliver again in the next run."""

import json
from pathlib import Path

from tests.support.event_delivery import (
    STREAM_ACTIONS,
    VISIBLE_AFTER,
    Table,
    allow,
    count,
    delivering,
    map_source,
    printer,
    put,
    queue,
    worker,
)
from tests.support.scenarios import wait_until
from toolkit.localcloud.aws import EmbeddedAws


def test_messages_that_were_not_processed_are_delivered_in_the_next_run(tmp_path: Path) -> None:
    file = tmp_path / "account"
    with EmbeddedAws(kept=file) as aws:
        source = queue(aws.connection, VisibilityTimeout=VISIBLE_AFTER)
        worker(aws.connection, source)
        aws.keep()
        put(aws.connection, source, "kept for the next run")
    with EmbeddedAws(kept=file) as aws:
        assert aws.account_state == "kept"
        with delivering(aws.connection, tmp_path) as delivered:
            delivered.wait_for("kept for the next run")
            wait_until(lambda: count(aws.connection, source) == 0)


def test_other_changes_are_saved_while_a_reader_waits_for_messages(tmp_path: Path) -> None:
    with EmbeddedAws(kept=tmp_path / "account") as aws:
        source = queue(aws.connection)
        worker(aws.connection, source)
        aws.keep()
        with delivering(aws.connection, tmp_path) as delivered:
            put(aws.connection, source, json.dumps("the reader is there"))
            delivered.wait_for("the reader is there")
            wait_until(lambda: count(aws.connection, source) == 0)
            aws.connection.client("sqs").create_queue(QueueName="another")  # within the client's patience


def test_stream_continues_after_the_last_delivered_record(tmp_path: Path) -> None:
    file, first, second = tmp_path / "account", tmp_path / "first", tmp_path / "second"
    with EmbeddedAws(kept=file) as aws:
        table = Table(aws.connection)
        function = printer(aws.connection, allow(table.stream, *STREAM_ACTIONS))
        map_source(aws.connection, function, table.stream, StartingPosition="TRIM_HORIZON")
        aws.keep()
        table.put("delivered in the first run")
        with delivering(aws.connection, first) as delivered:
            delivered.wait_for("delivered in the first run")
            table.put("a second record")
            delivered.wait_for("a second record")
        table.put("written while nothing ran")
    with EmbeddedAws(kept=file) as aws, delivering(aws.connection, second) as delivered:
        delivered.wait_for("written while nothing ran")
        assert not delivered.events("delivered in the first run")
