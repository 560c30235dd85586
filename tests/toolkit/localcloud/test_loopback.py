"""Only the names of the loopback interface are accepted as a Host header."""

import pytest

from toolkit.localcloud.loopback import is_loopback_host


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8001", "localhost:8001", "LOCALHOST:8001"])
def test_loopback_name_is_accepted(host: str) -> None:
    assert is_loopback_host(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        ":8001",
        "evil.example:8001",
        "127.0.0.1:8001,127.0.0.1:8001",
        "127.0.0.1:8001@evil.example",
        "user@127.0.0.1:8001",
        "127.0.0.1.evil.example:8001",
        "localhost.:8001",
        "localhost:",
        "::1",
        "[::1:8001",
        "127.0.0.1:8001 ",
        "127.0.0.1:99999999999999999999",
        "bucket.localhost:8001",
    ],
)
def test_any_other_host_is_rejected(host: str) -> None:
    assert not is_loopback_host(host)


def test_subdomain_of_localhost_is_accepted_only_for_buckets() -> None:
    assert is_loopback_host("my-bucket.s3.localhost:8001", subdomains=True)
    for host in ("evil.example:8001", "localhost.evil.example:8001", "xlocalhost:8001", "..localhost:8001"):
        assert not is_loopback_host(host, subdomains=True)
