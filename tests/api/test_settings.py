"""The environment variables of the function: complete and valid, or one sentence per error."""

import pytest

from api.settings import Settings, SettingsError, resource_variables


@pytest.mark.parametrize(
    "name",
    [
        "ENVIRONMENT",
        "SERVICE_VERSION",
        *resource_variables(),
        "RATE_LIMIT_PER_MINUTE",
        "SIGN_IN_URL",
        "WEB_CLIENT_ID",
    ],
)
@pytest.mark.parametrize("value", [None, ""])
def test_missing_variable_is_named(environment: dict[str, str], name: str, value: str | None) -> None:
    variables = {key: text for key, text in (environment | {name: value}).items() if text is not None}
    with pytest.raises(SettingsError) as error:
        Settings.read(variables)
    assert str(error.value) == f"The environment variable {name} is not set: set it in the function's environment"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DOCS_ENABLED", "perhaps"),
        ("RATE_LIMIT_PER_MINUTE", "many"),
        ("RATE_LIMIT_PER_MINUTE", "-1"),
        ("SIGN_IN_URL", "http://sign-in.example.com"),
        ("DOCS_ASSETS_URL", "javascript:alert(1)"),
    ],
)
def test_invalid_variable_is_named_with_its_value(environment: dict[str, str], name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"^The environment variable {name} is '.*': ") as error:
        Settings.read(environment | {name: value})
    assert value in str(error.value)
    assert "\n" not in str(error.value)


def test_origin_key_instead_of_digest_is_rejected_without_its_value(environment: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=r"^The environment variable ORIGIN_KEY_DIGESTS is not ") as error:
        Settings.read(environment | {"ORIGIN_KEY_DIGESTS": "the key itself"})
    assert "the key itself" not in str(error.value)


def test_sign_in_url_of_local_stack_may_be_http(environment: dict[str, str]) -> None:
    local = {"SIGN_IN_URL": "http://127.0.0.1:8000/_local/sign-in", "DOCS_ASSETS_URL": "/_local/docs"}
    assert Settings.read(environment | local).docs_assets_url == "/_local/docs"
