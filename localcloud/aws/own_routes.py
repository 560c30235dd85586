"""What the embedded AWS answers beyond AWS: a function version's zip, and a user pool's users with their passwords."""

import json
import re
from typing import Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import lambda_backends
from moto.cognitoidp.models import CognitoIdpUser, cognitoidp_backends
from werkzeug.wrappers import Request, Response

from localcloud.aws.lambda_invocations import register_runtime
from localcloud.runtime_channel import REGISTRATION_PATH

FUNCTION_CODE = re.compile(r"/_embedded/functions/(?P<name>[\w-]+)/(?P<version>\$LATEST|\d+)/code")
POOL_USERS = re.compile(r"/_embedded/user-pools/(?P<pool>[\w-]+)/users")


class OwnRoutes:
    """The routes below /_embedded; loopback only, like everything here."""

    def __init__(self, account_id: str) -> None:
        self._account_id = account_id

    def answer(self, environ: dict[str, Any]) -> Response | None:
        """The answer to a request, None where it is not for these routes."""
        path = environ.get("PATH_INFO", "")
        if not path.startswith("/_embedded/"):
            return None
        if code := FUNCTION_CODE.fullmatch(path):
            return self._function_code(code["name"], code["version"])
        if path == REGISTRATION_PATH:
            return register_runtime(Request(environ))
        if users := POOL_USERS.fullmatch(path):
            return self._users(users["pool"], Request(environ))
        return Response("", 404)

    def _function_code(self, name: str, version: str) -> Response:
        for backend in lambda_backends[self._account_id].values():
            try:
                function = backend.get_function(name, version)
            except LambdaClientError:
                continue
            return Response(function.code_bytes, content_type="application/zip")
        return Response("", 404)

    def _users(self, pool_id: str, request: Request) -> Response:
        for backend in cognitoidp_backends[self._account_id].values():
            pool = backend.user_pools.get(pool_id)
            if pool is None:
                continue
            if request.method == "PUT":
                for kept in json.loads(request.get_data()):
                    _put_user(pool, kept)
            return Response(json.dumps([_kept(user) for user in pool.users.values()]), content_type="application/json")
        return Response("", 404)


def _kept(user: Any) -> dict[str, Any]:
    return {
        "sub": user.id,
        "username": user.username,
        "password": user.password,
        "status": user.status,
        "enabled": user.enabled,
        "attributes": user.attributes,
        "groups": sorted(group.group_name for group in user.groups),
    }


def _put_user(pool: Any, kept: dict[str, Any]) -> None:
    """Put a user as it was, in the place of one of the same name; a group that is gone is left out."""
    before = pool.users.get(kept["username"])
    for group in before.groups if before else ():
        group.users.discard(before)
    user = CognitoIdpUser(pool.id, kept["username"], kept["password"], kept["status"], kept["attributes"])
    user.id, user.enabled = kept["sub"], kept["enabled"]
    user.update_attributes([{"Name": "sub", "Value": kept["sub"]}])
    for name in kept["groups"]:
        group = pool.groups.get(name)
        if group is not None:
            group.users.add(user)
            user.groups.add(group)
    pool.users[user.username] = user
