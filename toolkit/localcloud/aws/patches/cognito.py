"""Patches of moto's Cognito: the resource servers here, sign-in, tokens and keys in the modules beside this one."""

import json
from typing import Any

from moto.cognitoidp.responses import CognitoIdpResponse

from toolkit.localcloud.aws.patches.cognito_keys import patch_user_pool_keys
from toolkit.localcloud.aws.patches.cognito_sign_in import patch_sign_in
from toolkit.localcloud.aws.patches.cognito_tokens import patch_tokens
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.cognitoidp.models:CognitoIdpBackend.describe_resource_server",
    "moto.cognitoidp.models:CognitoIdpBackend.describe_user_pool",
    "moto.cognitoidp.models:CognitoIdpUserPool.resource_servers",
    "moto.cognitoidp.models:CognitoResourceServer.to_json",
    "moto.cognitoidp.responses:CognitoIdpResponse.backend",
)
ADDED_NAMES = (
    "moto.cognitoidp.responses:CognitoIdpResponse.delete_resource_server",
    "moto.cognitoidp.responses:CognitoIdpResponse.update_resource_server",
)
"""The parts that moto lacks."""


def patch_cognito(account_id: str) -> None:
    """Add UpdateResourceServer and DeleteResourceServer, and apply the other patches of Cognito."""
    responses: Any = CognitoIdpResponse
    responses.update_resource_server = _update_resource_server
    responses.delete_resource_server = _delete_resource_server
    patch_tokens()
    patch_sign_in()
    patch_user_pool_keys(account_id)


def _update_resource_server(handler: Any) -> str:
    body = json.loads(handler.body)
    server = handler.backend.describe_resource_server(body["UserPoolId"], body["Identifier"])
    server.name, server.scopes = body["Name"], body.get("Scopes", [])
    return json.dumps({"ResourceServer": server.to_json()})


def _delete_resource_server(handler: Any) -> str:
    body = json.loads(handler.body)
    handler.backend.describe_resource_server(body["UserPoolId"], body["Identifier"])
    del handler.backend.describe_user_pool(body["UserPoolId"]).resource_servers[body["Identifier"]]
    return "{}"
