"""A complete flow with the client that openapi-python-client generates, and with a sign-in by authlib.

The test runs it against a local stack. It reads all addresses and credentials from its environment.
"""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from secrets import token_urlsafe
from typing import Any, TypeVar
from urllib.parse import urljoin
from uuid import uuid4

import httpx
from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped] # it ships no types
from items_api import AuthenticatedClient
from items_api.api.attachments import create_attachment, delete_attachment, list_attachments, read_attachment
from items_api.api.information import read_caller
from items_api.api.items import (
    create_item,
    create_items,
    delete_item,
    list_items,
    read_item,
    replace_item,
    update_item,
)
from items_api.api.sessions import list_sessions, revoke_session
from items_api.models import (
    AttachmentInput,
    AttachmentInputContentType,
    AttachmentList,
    AttachmentToDownload,
    AttachmentToUpload,
    CreatedItem,
    GatewayError,
    Item,
    ItemInput,
    ItemInputAttributes,
    ItemPage,
    ItemPatch,
    ItemPatchAttributes,
    ItemResults,
    ItemsInput,
    Me,
    Problem,
    RejectedItem,
    SessionPage,
)
from items_api.types import UNSET, Response
from joserfc import jwt
from joserfc.jwk import KeySet

API = os.environ["API_URL"]
UNKNOWN_ID = "00000000-0000-7000-8000-000000000000"
MORE_THAN_THE_GATEWAY_ACCEPTS = 10 * 1024 * 1024 + 1
MORE_THAN_THE_RATE_LIMIT = 300

Parsed = TypeVar("Parsed")


def main() -> None:
    provider = discover(os.environ["ISSUER"])
    user = sign_in(provider, os.environ["USER_EMAIL"])
    machine = machine_client(provider, "items/read items/write")
    assert expect(read_caller.sync_detailed(client=user), 200, Me).kind == "user"
    assert expect(read_caller.sync_detailed(client=machine), 200, Me).kind == "machine"

    pages_and_filters(user)
    changes(user)
    bulk(machine)
    attachments(user)
    errors(user)
    missing_scope(machine_client(provider, "items/read"))
    too_many_requests(sign_in(provider, os.environ["OTHER_USER_EMAIL"]))
    sessions(user)


def discover(issuer: str) -> dict[str, Any]:
    """Return the endpoints of the issuer (OpenID Connect Discovery)."""
    provider: dict[str, Any] = httpx.get(f"{issuer}/.well-known/openid-configuration").raise_for_status().json()
    assert provider["issuer"] == issuer
    return provider


def sign_in(provider: dict[str, Any], email: str) -> AuthenticatedClient:
    """Sign a user in by the authorization code flow with PKCE, and verify the ID token."""
    client_id, redirect_uri = os.environ["WEB_CLIENT_ID"], os.environ["REDIRECT_URI"]
    verifier = token_urlsafe(48)
    with OAuth2Client(
        client_id,
        redirect_uri=redirect_uri,
        scope="openid email profile",
        code_challenge_method="S256",
        token_endpoint_auth_method="none",
    ) as oauth:
        url, state = oauth.create_authorization_url(provider["authorization_endpoint"], code_verifier=verifier)
        callback = fill_in_form(url, email, os.environ["USER_PASSWORD"])
        token = oauth.fetch_token(
            provider["token_endpoint"], authorization_response=callback, state=state, code_verifier=verifier
        )
        userinfo = oauth.get(provider["userinfo_endpoint"]).raise_for_status().json()

    keys = KeySet.import_key_set(httpx.get(provider["jwks_uri"]).raise_for_status().json())
    claims = jwt.decode(token["id_token"], keys, algorithms=["RS256"]).claims
    jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": provider["issuer"]},
        aud={"essential": True, "value": client_id},
        exp={"essential": True},
    ).validate(claims)
    assert (userinfo["sub"], userinfo["email"]) == (claims["sub"], email)
    return AuthenticatedClient(base_url=API, token=token["access_token"])


def fill_in_form(url: str, email: str, password: str) -> str:
    """Return the callback URL with the code, to which the sign-in page redirects; a browser does this for a person."""
    page = httpx.get(url).raise_for_status().text
    action = re.findall(r'<form method="post" action="([^"]*)"', page)[0]
    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page)
    form = {name: unescape(value) for name, value in hidden} | {"username": email, "password": password}
    return httpx.post(urljoin(url, unescape(action)), data=form).headers["location"]


def machine_client(provider: dict[str, Any], scope: str) -> AuthenticatedClient:
    """Sign another program in by client credentials."""
    client_id, secret = os.environ["MACHINE_CLIENT_ID"], os.environ["MACHINE_CLIENT_SECRET"]
    with OAuth2Client(client_id, secret, scope=scope) as oauth:
        token = oauth.fetch_token(provider["token_endpoint"], grant_type="client_credentials")
    return AuthenticatedClient(base_url=API, token=token["access_token"])


def expect(response: Response[Any], status: int, kind: type[Parsed]) -> Parsed:
    """Return the parsed body of a response with this status."""
    assert response.status_code == status, response.content
    assert isinstance(response.parsed, kind), response.parsed
    return response.parsed


def etag(response: Response[Any]) -> str:
    return response.headers["etag"]


def pages_and_filters(client: AuthenticatedClient) -> None:
    prefix, tag = f"Lamp {uuid4()}", f"t{uuid4().hex[:8]}"
    created = [
        expect(create_item.sync_detailed(client=client, body=ItemInput(f"{prefix} {number}", tags=[tag])), 201, Item)
        for number in range(3)
    ]
    ids = [item.id for item in created]

    listed = [item.id for item in every_item(client, tag=tag)]
    assert listed == ids[::-1], "the newest is first"
    assert [item.id for item in every_item(client, name_prefix=prefix)] == ids, "the order of the names"
    assert set(ids) <= {item.id for item in every_item(client)}


def every_item(
    client: AuthenticatedClient, *, tag: str | None = None, name_prefix: str | None = None
) -> Iterator[Item]:
    """Yield the items of all pages."""
    cursor: str | None = None
    while True:
        response = list_items.sync_detailed(client=client, limit=2, cursor=cursor, tag=tag, name_prefix=name_prefix)
        page = expect(response, 200, ItemPage)
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def changes(client: AuthenticatedClient) -> None:
    body = ItemInput("Desk lamp", description="Bright", attributes=ItemInputAttributes.from_dict({"watt": "5"}))
    created = create_item.sync_detailed(client=client, body=body, idempotency_key=str(uuid4()))
    item = expect(created, 201, Item)
    assert item.created_at.utcoffset() == timedelta(0)

    unchanged = read_item.sync_detailed(item.id, client=client, if_none_match=etag(created))
    assert (unchanged.status_code, unchanged.parsed) == (304, None)

    patch = ItemPatch(name="Reading lamp", attributes=ItemPatchAttributes.from_dict({"watt": None, "color": "red"}))
    patched = update_item.sync_detailed(item.id, client=client, body=patch, if_match=etag(created))
    item = expect(patched, 200, Item)
    assert (item.name, item.description, item.attributes.to_dict()) == ("Reading lamp", "Bright", {"color": "red"})

    replaced = replace_item.sync_detailed(item.id, client=client, body=ItemInput("Chair"), if_match=etag(patched))
    item = expect(replaced, 200, Item)
    assert (item.name, item.description, item.attributes.to_dict(), item.version) == ("Chair", "", {}, 3)

    deleted = delete_item.sync_detailed(item.id, client=client, if_match=etag(replaced))
    assert deleted.status_code == 204


def bulk(client: AuthenticatedClient) -> None:
    entries = ItemsInput([ItemInput("Valid"), ItemInput("Invalid", tags=["Not a tag"])])
    valid, invalid = expect(create_items.sync_detailed(client=client, body=entries), 200, ItemResults).results
    assert isinstance(valid, CreatedItem)
    assert isinstance(invalid, RejectedItem)
    assert (valid.status, invalid.status, invalid.problem.status) == (201, 422, 422)
    assert expect(read_item.sync_detailed(valid.id, client=client), 200, Item).name == "Valid"


def attachments(client: AuthenticatedClient) -> None:
    created = create_item.sync_detailed(client=client, body=ItemInput("With a manual"))
    item = expect(created, 201, Item)
    body = AttachmentInput("manual.txt", AttachmentInputContentType.TEXTPLAIN)
    attachment = expect(create_attachment.sync_detailed(item.id, client=client, body=body), 201, AttachmentToUpload)

    content = b"Switch it on."
    upload = attachment.upload
    httpx.post(upload.url, data=upload.fields.to_dict(), files={"file": content}).raise_for_status()
    (listed,) = expect(list_attachments.sync_detailed(item.id, client=client), 200, AttachmentList).attachments
    assert (listed.id, listed.uploaded) == (attachment.id, True)

    found = expect(read_attachment.sync_detailed(item.id, attachment.id, client=client), 200, AttachmentToDownload)
    assert httpx.get(found.download.url).raise_for_status().content == content

    conflict = delete_item.sync_detailed(item.id, client=client, if_match=etag(created))
    expect(conflict, 409, Problem)
    assert delete_attachment.sync_detailed(item.id, attachment.id, client=client).status_code == 204
    current = etag(read_item.sync_detailed(item.id, client=client))
    assert delete_item.sync_detailed(item.id, client=client, if_match=current).status_code == 204


def errors(client: AuthenticatedClient) -> None:
    invalid_token = AuthenticatedClient(base_url=API, token="invalid")
    assert expect(read_caller.sync_detailed(client=invalid_token), 401, GatewayError).message == "Unauthorized"

    expect(list_items.sync_detailed(client=client, cursor="invalid"), 400, Problem)
    expect(read_item.sync_detailed(UNKNOWN_ID, client=client), 404, Problem)

    key = str(uuid4())
    created = create_item.sync_detailed(client=client, body=ItemInput("First"), idempotency_key=key)
    item = expect(created, 201, Item)
    expect(create_item.sync_detailed(client=client, body=ItemInput("Other"), idempotency_key=key), 422, Problem)

    changed = update_item.sync_detailed(item.id, client=client, body=ItemPatch("Second"), if_match=etag(created))
    expect(changed, 200, Item)
    stale = replace_item.sync_detailed(item.id, client=client, body=ItemInput("Third"), if_match=etag(created))
    expect(stale, 412, Problem)
    assert etag(stale) == etag(changed), "the version to read before the next attempt"
    expect(delete_item.sync_detailed(item.id, client=without_if_match(client), if_match="removed"), 428, Problem)

    too_large = ItemInput("n" * MORE_THAN_THE_GATEWAY_ACCEPTS)
    expect(create_item.sync_detailed(client=client, body=too_large), 413, GatewayError)

    problem = expect(create_item.sync_detailed(client=client, body=ItemInput(" ")), 422, Problem)
    assert problem.errors not in (None, UNSET)
    assert problem.errors
    assert [each.location for each in problem.errors] == ["body.name"]
    assert problem.request_id


def without_if_match(client: AuthenticatedClient) -> AuthenticatedClient:
    """Return a client that makes the mistake of a handwritten one; the generated functions require the header."""

    def remove(request: httpx.Request) -> None:
        del request.headers["if-match"]

    return AuthenticatedClient(base_url=API, token=client.token, httpx_args={"event_hooks": {"request": [remove]}})


def missing_scope(reader: AuthenticatedClient) -> None:
    expect(list_items.sync_detailed(client=reader), 200, ItemPage)
    expect(create_item.sync_detailed(client=reader, body=ItemInput("Lamp")), 403, Problem)


def too_many_requests(client: AuthenticatedClient) -> None:
    """Exceed the rate limit of the caller. The throttle of the route, which the gateway applies, may be first."""
    for _ in range(MORE_THAN_THE_RATE_LIMIT):
        response = list_items.sync_detailed(client=client, limit=1)
        if response.status_code != 200 and not isinstance(response.parsed, GatewayError):
            break
    expect(response, 429, Problem)
    assert 0 < int(response.headers["retry-after"]) <= 60


def sessions(client: AuthenticatedClient) -> None:
    listed = expect(list_sessions.sync_detailed(client=client), 200, SessionPage).sessions
    (current,) = [session for session in listed if session.current]
    assert revoke_session.sync_detailed(current.id, client=client).status_code == 204
    expect(read_caller.sync_detailed(client=client), 401, Problem)


if __name__ == "__main__":
    main()
