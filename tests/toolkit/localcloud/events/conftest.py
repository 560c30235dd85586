"""One runtime with the delivery of events for all its tests."""

from collections.abc import Iterator

import pytest

from tests.support.event_delivery import Delivered, delivering
from toolkit.localcloud.connection import AwsConnection


@pytest.fixture(scope="session", name="delivered")
def _delivered(cloud: AwsConnection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Delivered]:
    with delivering(cloud, tmp_path_factory.mktemp("events")) as delivered:
        yield delivered
