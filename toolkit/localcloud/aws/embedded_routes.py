"""What the embedded AWS answers beyond AWS: functions' zips, and user pools' users (with passwords) and keys."""

import json
import re
from typing import Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import lambda_backends
from moto.cognitoidp.models import CognitoIdpUser
from werkzeug.wrappers import Request, Response

from toolkit.localcloud.aws.administrator import administrator_arn
from toolkit.localcloud.aws.authorization.authentication import authenticate
from toolkit.localcloud.aws.authorization.errors import Reason
from toolkit.localcloud.aws.patches.cognito_keys import find_pool
from toolkit.localcloud.aws.patches.lambda_invocations import register_runtime
from toolkit.localcloud.aws.rejected_request import RejectedRequestError
from toolkit.localcloud.runtime_channel import REGISTRATION_PATH

PREFIX = "/_embedded/"
FUNCTION_CODE = re.compile(r"/_embedded/functions/(?P<name>[\w-]+)/(?P<version>\$LATEST|\d+)/code")
POOL_USERS = re.compile(r"/_embedded/user-pools/(?P<pool>[\w-]+)/users")
POOL_KEY = re.compile(r"/_embedded/user-pools/(?P<pool>[\w-]+)/signing-key")


class EmbeddedRoutes:
    """The routes below /_embedded, for the administrator alone and for no web page."""

    def __init__(self, account_id: str) -> None:
        self._account_id = account_id

    def answer(self, environ: dict[str, Any]) -> Response | None:
        """Return the answer to a request, None where it is not for these routes. Raises RejectedRequestError."""
        path = environ.get("PATH_INFO", "")
        if not path.startswith(PREFIX):
            return None
        caller = authenticate(environ, self._account_id).caller
        if caller is None or caller.arn != administrator_arn(self._account_id) or "HTTP_ORIGIN" in environ:
            raise RejectedRequestError(Reason.NOT_ALLOWED, f"{PREFIX} is for the administrator.", service="-")
        if code := FUNCTION_CODE.fullmatch(path):
            return self._function_code(code["name"], code["version"])
        if path == f"{PREFIX}{REGISTRATION_PATH}":
            return register_runtime(Request(environ))
        if users := POOL_USERS.fullmatch(path):
            return self._users(users["pool"], Request(environ))
        if key := POOL_KEY.fullmatch(path):
            return self._signing_key(key["pool"])
        return Response("", 404)

    def _signing_key(self, pool_id: str) -> Response:
        pool = find_pool(self._account_id, pool_id)
        if pool is None:
            return Response("", 404)
        return Response(json.dumps(pool.json_web_key.as_dict(private=True)), content_type="application/json")

    def _function_code(self, name: str, version: str) -> Response:
        for backend in lambda_backends[self._account_id].values():
            try:
                function = backend.get_function(name, version)
            except LambdaClientError:
                continue
            return Response(function.code_bytes, content_type="application/zip")
        return Response("", 404)

    def _users(self, pool_id: str, request: Request) -> Response:
        pool = find_pool(self._account_id, pool_id)
        if pool is None:
            return Response("", 404)
        if request.method == "PUT":
            for kept in json.loads(request.get_data()):
                _put_user(pool, kept)
        return Response(json.dumps([_kept(user) for user in pool.users.values()]), content_type="application/json")


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
