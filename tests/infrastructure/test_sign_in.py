"""The sign-in component: user pool, clients and sign-in pages."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from infrastructure.components.sign_in import SignIn, SignInArgs
from infrastructure.settings.groups import SignInSettings
from tests.support.programs import registered
from toolkit.stacks import ResourceGraph


def made(graph: ResourceGraph) -> Counter[str]:
    """Return the number of resources per type, without the stack."""
    resources = (one for one in graph.resources[1:] if not one.type.startswith("pulumi:providers:"))
    return Counter(resource.type.split(":")[-1] for resource in resources)


def inputs(graph: ResourceGraph, name: str) -> Any:
    """The inputs of the resource of this name."""
    return next(resource.inputs for resource in graph.resources if resource.name == name)


def sign_in(root: Path, **settings: object) -> ResourceGraph:
    written = {"callback-urls": ["https://app.example/in"], **settings}
    args = SignInArgs(
        settings=SignInSettings.model_validate_json(json.dumps(written)),
        domain_prefix="items",
        region="eu-west-1",
        deletion_protection=True,
        protect=True,
    )
    return registered(root, lambda: SignIn("sign-in", args))


def test_user_pool_requires_long_passwords_and_mfa(tmp_path: Path) -> None:
    graph = sign_in(tmp_path)
    pool = inputs(graph, "sign-in-pool")

    assert made(graph) == Counter(
        SignIn=1, UserPool=1, UserPoolClient=2, ResourceServer=1, UserGroup=1, UserPoolDomain=1
    )
    policy = pool["passwordPolicy"]
    assert policy["minimumLength"] == 14
    assert all(policy[f"require{kind}"] for kind in ("Lowercase", "Uppercase", "Numbers", "Symbols"))
    assert (pool["mfaConfiguration"], pool["softwareTokenMfaConfiguration"]) == ("ON", {"enabled": True})
    assert pool["deletionProtection"] == "ACTIVE"
    assert pool["adminCreateUserConfig"] == {"allowAdminCreateUserOnly": True}


def test_mfa_none_turns_mfa_off_in_cognito(tmp_path: Path) -> None:
    pool = inputs(sign_in(tmp_path, mfa="none"), "sign-in-pool")

    assert pool["mfaConfiguration"] == "OFF"
    assert "softwareTokenMfaConfiguration" not in pool


def test_web_client_uses_authorization_code_and_revocable_tokens(tmp_path: Path) -> None:
    web = inputs(sign_in(tmp_path), "sign-in-web-client")

    assert (web["allowedOauthFlows"], web["generateSecret"]) == (["code"], False)
    assert (web["enableTokenRevocation"], web["preventUserExistenceErrors"]) == (True, "ENABLED")
    assert web["explicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]
    assert web["tokenValidityUnits"] == {"accessToken": "minutes", "idToken": "minutes", "refreshToken": "days"}


def test_password_flow_is_off_unless_set(tmp_path: Path) -> None:
    web = inputs(sign_in(tmp_path, **{"password-flow": True}), "sign-in-web-client")

    assert "ALLOW_ADMIN_USER_PASSWORD_AUTH" in web["explicitAuthFlows"]


def test_machine_client_has_scopes_and_no_user_flows(tmp_path: Path) -> None:
    machine = inputs(sign_in(tmp_path), "sign-in-machine-client")

    assert (machine["allowedOauthFlows"], machine["generateSecret"]) == (["client_credentials"], True)
    assert machine["allowedOauthScopes"] == ["items/read", "items/write"]
    assert machine["explicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"]


def test_redirect_urls_are_registered_exactly(tmp_path: Path) -> None:
    pages = ["https://app.example/", "https://app.example/in/"]
    web = inputs(sign_in(tmp_path, **{"callback-urls": pages, "logout-urls": pages}), "sign-in-web-client")

    assert (web["callbackUrls"], web["logoutUrls"]) == (pages, pages)


@pytest.mark.parametrize(("tier", "mode"), [("LITE", None), ("ESSENTIALS", None), ("PLUS", "ENFORCED")])
def test_threat_protection_is_on_in_the_plus_tier(tmp_path: Path, tier: str, mode: str | None) -> None:
    pool = inputs(sign_in(tmp_path, tier=tier), "sign-in-pool")

    assert pool["userPoolTier"] == tier
    assert pool.get("userPoolAddOns", {}).get("advancedSecurityMode") == mode


@pytest.mark.parametrize(
    ("base_url", "url"),
    [(None, "https://items.auth.eu-west-1.amazoncognito.com"), ("http://127.0.0.1/in", "http://127.0.0.1/in")],
)
def test_sign_in_url_is_cognito_domain_unless_set(tmp_path: Path, base_url: str | None, url: str) -> None:
    settings = {"base-url": base_url} if base_url else {}
    (component,) = sign_in(tmp_path, **settings).of_type("items-api:identity:SignIn")
    assert component.outputs["url"] == url
