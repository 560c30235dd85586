"""A runtime with the delivery of events for each module: the runtime that connects last gets the invocations."""

from collections.abc import Iterator

import pytest

from tests.support.event_delivery import Delivered, delivering
from toolkit.localcloud.connection import AwsConnection


@pytest.fixture(scope="module", name="delivered")
def _delivered(cloud: AwsConnection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Delivered]:
    with delivering(cloud, tmp_path_factory.mktemp("events")) as delivered:
        yield delivered
