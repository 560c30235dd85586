"""One embedded AWS for all tests of the local stack's gateway, runtime and sign-in."""

from collections.abc import Iterator

import pytest

from toolkit.localcloud.aws import EmbeddedAws
from toolkit.localcloud.connection import AwsConnection


@pytest.fixture(scope="session")
def cloud() -> Iterator[AwsConnection]:
    """The administrator's connection to an embedded AWS that enforces permissions."""
    with EmbeddedAws() as aws:
        yield aws.connection
