"""One embedded AWS for all tests of the local stack's front, runtime and sign-in."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from localcloud.aws import EmbeddedAws
from localcloud.connection import AwsConnection

# How long an example takes says how busy the machine is, nothing about the code.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def cloud() -> Iterator[AwsConnection]:
    """The administrator's connection to an embedded AWS that enforces permissions."""
    with EmbeddedAws() as aws:
        aws.enforce_permissions()
        yield aws.connection
