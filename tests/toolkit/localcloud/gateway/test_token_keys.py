"""The keys of a user pool may change while the gateway runs."""

import asyncio
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from joserfc.jwk import RSAKey

from toolkit.localcloud.gateway import authorizer
from toolkit.localcloud.gateway.authorizer import TokenKeys, UnauthorizedError

ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_pool"


class Pool(HTTPServer):
    """Serves one key at a time and counts how often it is asked."""

    kid = "first"
    asked = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Keys(BaseHTTPRequestHandler):
    server: Pool

    def do_GET(self) -> None:
        self.server.asked += 1
        key = RSAKey.generate_key(2048, {"kid": self.server.kid}, private=False)
        body = json.dumps({"keys": [key.as_dict()]}).encode()
        self.send_response(200 if self.path == "/us-east-1_pool/.well-known/jwks.json" else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(name="pool")
def _pool() -> Iterator[Pool]:
    with Pool(("127.0.0.1", 0), Keys) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


async def found(keys: TokenKeys, kid: str) -> bool:
    try:
        await keys.key_set(ISSUER, kid)
    except UnauthorizedError:
        return False
    return True


def test_new_key_is_fetched_after_a_pause_and_the_old_one_is_dropped(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario() -> None:
        keys = TokenKeys(pool.url)
        assert await found(keys, "first")
        pool.kid = "second"
        assert [await found(keys, "second") for _ in range(3)] == [False] * 3
        assert pool.asked == 1, "made-up keys must not make the gateway ask the pool each time"
        monkeypatch.setattr(authorizer, "KEYS_PAUSE_SECONDS", 0.0)
        assert await found(keys, "second")
        assert pool.asked == 2
        assert not await found(keys, "first")
        await keys.close()

    asyncio.run(scenario())


def test_token_of_an_issuer_without_keys_is_rejected(pool: Pool) -> None:
    async def scenario() -> None:
        keys = TokenKeys(pool.url)
        for issuer in (f"{ISSUER}-other", "https://evil.example/us-east-1_pool", ""):
            with pytest.raises(UnauthorizedError, match="discovery endpoint"):
                await keys.key_set(issuer, "first")
        await keys.close()

    asyncio.run(scenario())
