"""Patches of moto's Cognito: each user pool has its own signing key. moto publishes one private key for all pools."""

import json
from typing import Any
from urllib.parse import urlsplit

from joserfc.jwk import RSAKey
from moto.cognitoidp import models
from moto.cognitoidp.models import CognitoIdpUserPool, cognitoidp_backends
from moto.cognitoidp.responses import CognitoIdpJsonWebKeyResponse
from moto.cognitoidp.urls import url_paths
from moto.utilities.utils import load_resource

from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.cognitoidp.models:CognitoIdpBackend.user_pools",
    "moto.cognitoidp.models:CognitoIdpUserPool.__init__",
    "moto.cognitoidp.models:CognitoIdpUserPool.json_web_key",
    "moto.cognitoidp.models:jwt",
    "moto.cognitoidp.responses:CognitoIdpJsonWebKeyResponse.serve_json_web_key",
    "moto.cognitoidp.urls:url_paths",
)

_SHIPPED = RSAKey.import_key(load_resource("cognitoidp/resources/jwks-private.json")).thumbprint()
_DOCUMENT = "{0}/(?P<user_pool_id>[^/]+)/.well-known/jwks.json$"


def patch_user_pool_keys(account_id: str) -> None:
    """Give each new pool its own key, sign with it, and publish only the public part."""
    pool: Any = CognitoIdpUserPool
    documents: Any = CognitoIdpJsonWebKeyResponse
    module: Any = models
    create = pool.__init__

    def created(self: Any, *arguments: Any, **named: Any) -> None:
        create(self, *arguments, **named)
        self.json_web_key = _new_key()

    def document(_request: Any, full_url: str, _headers: Any) -> tuple[int, dict[str, str], str]:
        found = find_pool(account_id, urlsplit(full_url).path.split("/")[1])
        keys = [] if found is None else [found.json_web_key.as_dict(private=False)]
        return (200 if keys else 404), {"Content-Type": "application/json"}, json.dumps({"keys": keys})

    pool.__init__ = created
    documents.serve_json_web_key = staticmethod(document)
    url_paths[_DOCUMENT] = document
    module.jwt = _NamedKeys(module.jwt)


def find_pool(account_id: str, pool_id: str) -> Any:
    """Return moto's user pool of this id in any region, None where there is none."""
    for backend in cognitoidp_backends[account_id].values():
        if pool_id in backend.user_pools:
            return backend.user_pools[pool_id]
    return None


def replace_shipped_keys(pools: Any) -> None:
    """Give its own key to each pool that still has moto's."""
    for pool in pools:
        if pool.json_web_key.thumbprint() == _SHIPPED:
            pool.json_web_key = _new_key()


def _new_key() -> RSAKey:
    key = RSAKey.generate_key(2048, {"alg": "RS256", "use": "sig"})
    key.ensure_kid()
    return key


class _NamedKeys:
    """moto's `jwt` module, with the `kid` of the key that signs instead of moto's constant."""

    def __init__(self, jwt: Any) -> None:
        self._jwt = jwt

    def encode(self, header: dict[str, Any], claims: Any, key: RSAKey, **named: Any) -> str:
        """Return the signed token."""
        token: str = self._jwt.encode({**header, "kid": key.kid}, claims, key, **named)
        return token

    def __getattr__(self, name: str) -> Any:
        return getattr(self._jwt, name)
