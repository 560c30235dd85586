"""An address, a token or a name from the environment that cannot be used is one sentence."""

from collections.abc import Callable

import pytest

from toolkit.pipeline.aws_client import aws_client
from toolkit.pipeline.github.client import GitHub
from toolkit.pipeline.smoke.target import SmokeTarget
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.settings import StackSettings

NO_ADDRESSES = ["x", "http://", "http://[::1", "http://a:99999", "ftp://x", "http://.", "http://a..b", "http://x/\x7f"]
NO_ADDRESSES += ["\udcff", f"http://{'a' * 300}", "http://127.0.0.1:abc"]


@pytest.fixture
def set_up(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    for name, value in {"GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": "a/b"}.items():
        monkeypatch.setenv(name, value)
    return monkeypatch.setenv


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_malformed_address_of_github_is_refused(url: str, set_up: Callable[[str, str], None]) -> None:
    set_up("GITHUB_API_URL", url)
    with pytest.raises(RefusedError, match=r"GITHUB_API_URL is .+: write an address such as https://api\.github\.com"):
        GitHub.of_environment()


@pytest.mark.parametrize("token", ["a\nb", "é", "\udcff", " "])
def test_malformed_token_is_refused_and_not_printed(token: str, set_up: Callable[[str, str], None]) -> None:
    set_up("GITHUB_TOKEN", token)
    with pytest.raises(RefusedError, match="set it to the token alone") as refused:
        GitHub.of_environment()
    assert token.strip() == "" or token not in str(refused.value)


@pytest.mark.parametrize("name", ["a", "a/b/c", "a/..", "a/b?x", "a/\n", "/a", "a/\x1b[31m", "é/x"])
def test_malformed_repository_name_is_refused(name: str, set_up: Callable[[str, str], None]) -> None:
    set_up("GITHUB_REPOSITORY", name)
    with pytest.raises(RefusedError, match="write owner/name"):
        GitHub.of_environment()


@pytest.mark.parametrize("url", NO_ADDRESSES)
def test_malformed_address_of_a_smoke_test_is_refused(url: str) -> None:
    usable = dict.fromkeys(("api_url", "sign_in_url"), "http://127.0.0.1:9")
    outputs = {**usable, "machine_client_id": "a", "machine_client_secret": "b"}
    with pytest.raises(RefusedError, match="no usable api_url"):
        SmokeTarget.of("dev", outputs, StackSettings(), url=url)


@pytest.mark.parametrize(("name", "value"), [("AWS_ENDPOINT_URL", "x"), ("AWS_PROFILE", "nope")])
def test_malformed_endpoint_of_aws_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(RefusedError, match="No AWS client can be created"):
        aws_client("sts", "eu-central-1")
