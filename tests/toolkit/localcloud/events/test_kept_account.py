"""Event sources of a kept account deliver again in the next run."""

import json
from pathlib import Path

from tests.support.event_delivery import (
    VISIBLE_AFTER,
    count,
    delivering,
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
