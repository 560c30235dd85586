"""Sign-in calls to the embedded Cognito: refresh, revocation, sign-out, and what a client does not allow."""

import base64
import hashlib
import hmac
import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError
from joserfc.jws import extract_compact

from tests.support.aws import shared_aws, unique
from toolkit.localcloud.aws.patches.cognito_tokens import validity_seconds
from toolkit.localcloud.connection import AwsConnection

PASSWORD = "Correct-horse-9"
FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


def cognito() -> Any:
    return shared_aws().connection.client("cognito-idp")


@pytest.fixture(scope="module")
def pool() -> str:
    return str(cognito().create_user_pool(PoolName="flows", UsernameAttributes=["email"])["UserPool"]["Id"])


@pytest.fixture
def user(pool: str) -> str:
    name = f"{unique('user')}@example.com"
    cognito().admin_create_user(UserPoolId=pool, Username=name, MessageAction="SUPPRESS")
    cognito().admin_set_user_password(UserPoolId=pool, Username=name, Password=PASSWORD, Permanent=True)
    return name


def app(pool: str, flows: list[str] | None = FLOWS, **settings: Any) -> dict[str, Any]:
    explicit = {} if flows is None else {"ExplicitAuthFlows": flows}
    answer = cognito().create_user_pool_client(UserPoolId=pool, ClientName="app", **explicit, **settings)
    return dict(answer["UserPoolClient"])


def signed_in(app: dict[str, Any], user: str, **more: str) -> dict[str, Any]:
    parameters = {"USERNAME": user, "PASSWORD": PASSWORD, **more}
    answer = cognito().initiate_auth(ClientId=app["ClientId"], AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
    return dict(answer["AuthenticationResult"])


def refreshed(app: dict[str, Any], token: str, **more: str) -> dict[str, Any]:
    parameters = {"REFRESH_TOKEN": token, **more}
    answer = cognito().initiate_auth(ClientId=app["ClientId"], AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=parameters)
    return dict(answer["AuthenticationResult"])


def claims(token: str) -> Any:
    return json.loads(extract_compact(token.encode()).payload)


def refusal(call: Any, *values: Any, **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(*values, **arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_refreshed_tokens_keep_auth_time_and_origin_jti(pool: str, user: str) -> None:
    client = app(pool)
    first = signed_in(client, user)
    time.sleep(1.1)  # the claims count whole seconds
    second = refreshed(client, first["RefreshToken"])
    for kind in ("AccessToken", "IdToken"):
        before, after = claims(first[kind]), claims(second[kind])
        assert (after["auth_time"], after["origin_jti"]) == (before["auth_time"], before["origin_jti"])
        assert after["iat"] > before["iat"]
        assert after["jti"] != before["jti"]
    assert "RefreshToken" not in second


def test_access_and_id_tokens_have_different_token_use(pool: str, user: str) -> None:
    client = app(pool)
    tokens = signed_in(client, user)
    access, identity = claims(tokens["AccessToken"]), claims(tokens["IdToken"])
    assert (access["token_use"], access["client_id"]) == ("access", client["ClientId"])
    assert (access["scope"], "aud" in access) == ("aws.cognito.signin.user.admin", False)
    assert (identity["token_use"], identity["aud"], "scope" in identity) == ("id", client["ClientId"], False)


def test_tokens_have_the_lifetimes_of_the_client(pool: str, user: str) -> None:
    units = {"AccessToken": "minutes", "IdToken": "hours", "RefreshToken": "days"}
    tokens = signed_in(app(pool, AccessTokenValidity=7, IdTokenValidity=2, TokenValidityUnits=units), user)
    access, identity = claims(tokens["AccessToken"]), claims(tokens["IdToken"])
    assert access["exp"] - access["iat"] == tokens["ExpiresIn"] == 420
    assert identity["exp"] - identity["iat"] == 7200


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        ("admin_disable_user", "User is disabled."),
        ("admin_user_global_sign_out", "Refresh Token has been revoked"),
        ("admin_delete_user", "Refresh Token has been revoked"),
    ],
)
def test_refresh_after_administrator_sign_out_is_rejected(pool: str, user: str, end: str, sentence: str) -> None:
    client = app(pool)
    tokens = signed_in(client, user)
    sub = claims(tokens["AccessToken"])["sub"]
    getattr(cognito(), end)(UserPoolId=pool, Username=sub)  # by another alias than the sign-in's
    assert refusal(refreshed, client, tokens["RefreshToken"]) == ("NotAuthorizedException", sentence)
    with pytest.raises(ClientError, match=r"NotAuthorizedException|UserNotFoundException"):
        cognito().get_user(AccessToken=tokens["AccessToken"])


def test_unsigned_global_sign_out_ends_every_session(pool: str, user: str) -> None:
    client = app(pool)
    one, two = signed_in(client, user), signed_in(client, user)
    aws = shared_aws()
    unsigned = AwsConnection(aws.endpoint_url, "us-east-1", "none", "none").client("cognito-idp")
    unsigned.global_sign_out(AccessToken=one["AccessToken"])
    for tokens in (one, two):
        assert refusal(refreshed, client, tokens["RefreshToken"])[1] == "Refresh Token has been revoked"


def test_revoked_token_is_rejected_and_other_sessions_continue(pool: str, user: str) -> None:
    client = app(pool)
    one, two = signed_in(client, user), signed_in(client, user)
    cognito().revoke_token(ClientId=client["ClientId"], Token=one["RefreshToken"])
    revoked = ("NotAuthorizedException", "Refresh Token has been revoked")
    assert refusal(refreshed, client, one["RefreshToken"]) == revoked
    assert refusal(cognito().get_user, AccessToken=one["AccessToken"])[0] == "NotAuthorizedException"
    assert refreshed(client, two["RefreshToken"])["AccessToken"]


def test_revocation_of_access_token_or_by_another_client_is_rejected(pool: str, user: str) -> None:
    client, other = app(pool), app(pool)
    tokens = signed_in(client, user)
    revoke = cognito().revoke_token
    wrong_type = refusal(revoke, ClientId=client["ClientId"], Token=tokens["AccessToken"])
    assert wrong_type[0] == "UnsupportedTokenTypeException"
    assert refusal(revoke, ClientId=other["ClientId"], Token=tokens["RefreshToken"])[0] == "UnauthorizedException"


@pytest.mark.parametrize("token", ["unknown", ""])
def test_unknown_refresh_token_is_rejected(pool: str, token: str) -> None:
    assert refusal(refreshed, app(pool), token) == ("NotAuthorizedException", "Invalid Refresh Token")


def test_refresh_token_of_another_client_is_rejected(pool: str, user: str) -> None:
    token = signed_in(app(pool), user)["RefreshToken"]
    assert refusal(refreshed, app(pool), token) == ("NotAuthorizedException", "Invalid Refresh Token")


def test_refresh_token_expires_after_the_lifetime_of_the_client() -> None:
    hours = {"RefreshTokenValidity": 2, "TokenValidityUnits": {"RefreshToken": "hours"}}
    assert validity_seconds(hours, "Refresh") == 7200
    assert validity_seconds({}, "Refresh") == 30 * 86_400


def test_rotation_returns_a_new_refresh_token_and_invalidates_the_old_one(pool: str, user: str) -> None:
    flows = ["ALLOW_USER_PASSWORD_AUTH"]
    client = app(pool, flows, RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 0})
    old = signed_in(client, user)["RefreshToken"]
    renew = cognito().get_tokens_from_refresh_token
    new = renew(ClientId=client["ClientId"], RefreshToken=old)["AuthenticationResult"]["RefreshToken"]
    assert new != old
    assert refusal(renew, ClientId=client["ClientId"], RefreshToken=old)[1] == "Refresh Token has been revoked"


@pytest.mark.parametrize(
    ("flows", "flow", "sentence"),
    [
        (None, "USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH flow not enabled for this client"),
        (["ALLOW_USER_PASSWORD_AUTH"], "USER_SRP_AUTH", "USER_SRP_AUTH is not enabled for the client."),
        (["ALLOW_USER_PASSWORD_AUTH"], "REFRESH_TOKEN_AUTH", "Auth flow not enabled for this client"),
    ],
)
def test_auth_flow_disabled_for_the_client_is_rejected(
    pool: str, user: str, flows: list[str] | None, flow: str, sentence: str
) -> None:
    given = {"USERNAME": user, "PASSWORD": PASSWORD, "REFRESH_TOKEN": "x", "SRP_A": "1"}
    client = app(pool, flows)["ClientId"]
    found = refusal(cognito().initiate_auth, ClientId=client, AuthFlow=flow, AuthParameters=given)
    assert found == ("InvalidParameterException", sentence)


def test_admin_auth_flow_disabled_for_the_client_is_rejected(pool: str, user: str) -> None:
    given = {"USERNAME": user, "PASSWORD": PASSWORD}
    flow = "ADMIN_USER_PASSWORD_AUTH"
    client = app(pool, None)["ClientId"]
    call = cognito().admin_initiate_auth
    found = refusal(call, UserPoolId=pool, ClientId=client, AuthFlow=flow, AuthParameters=given)
    assert found == ("InvalidParameterException", "Auth flow not enabled for this client")


def test_client_with_secret_is_rejected_without_its_secret_hash(pool: str, user: str) -> None:
    client = app(pool, GenerateSecret=True)

    def proof(name: str) -> str:
        digest = hmac.digest(client["ClientSecret"].encode(), f"{name}{client['ClientId']}".encode(), hashlib.sha256)
        return base64.b64encode(digest).decode()

    assert "SECRET_HASH was not received" in refusal(signed_in, client, user)[1]
    assert refusal(signed_in, client, user, SECRET_HASH=proof("other"))[0] == "NotAuthorizedException"
    tokens = signed_in(client, user, SECRET_HASH=proof(user))
    assert refusal(refreshed, client, tokens["RefreshToken"])[0] == "NotAuthorizedException"
    assert refreshed(client, tokens["RefreshToken"], SECRET_HASH=proof(user))["AccessToken"]


def test_wrong_password_and_unknown_user_return_one_message_with_prevent_user_existence_errors(
    pool: str, user: str
) -> None:
    hiding, telling = app(pool, PreventUserExistenceErrors="ENABLED"), app(pool, PreventUserExistenceErrors="LEGACY")
    wrong = ("NotAuthorizedException", "Incorrect username or password.")
    assert refusal(signed_in, hiding, user, PASSWORD="other") == wrong
    assert refusal(signed_in, hiding, "none@example.com") == wrong
    assert refusal(signed_in, telling, "none@example.com")[0] == "UserNotFoundException"


def test_challenge_response_of_another_user_is_rejected(pool: str, user: str) -> None:
    client, new = app(pool), f"{unique('new')}@example.com"
    cognito().admin_create_user(UserPoolId=pool, Username=new, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS")
    challenge = cognito().initiate_auth(
        ClientId=client["ClientId"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": new, "PASSWORD": PASSWORD},
    )
    found = refusal(
        cognito().respond_to_auth_challenge,
        ClientId=client["ClientId"],
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=challenge["Session"],
        ChallengeResponses={"USERNAME": user, "NEW_PASSWORD": "Another-horse-9"},
    )
    assert found[0] == "NotAuthorizedException"
