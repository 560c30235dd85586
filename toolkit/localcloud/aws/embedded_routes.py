"""The routes of the embedded AWS beyond AWS: functions' zips, user pools' keys, records of deployment and delivery."""

import json
import re
from typing import Any

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import lambda_backends
from werkzeug.wrappers import Request, Response

from toolkit.localcloud.aws.account_keeper import AccountKeeper
from toolkit.localcloud.aws.administrator import administrator_arn
from toolkit.localcloud.aws.authorization.authentication import authenticate
from toolkit.localcloud.aws.authorization.errors import Reason
from toolkit.localcloud.aws.patches.cognito_keys import find_pool
from toolkit.localcloud.aws.patches.lambda_invocations import register_runtime
from toolkit.localcloud.aws.rejected_request import RejectedRequestError
from toolkit.localcloud.runtime.invoke_channel import REGISTRATION_PATH

PREFIX = "/_embedded/"
POSITION = re.compile(r"/_embedded/event-source-mappings/(?P<mapping>[\w-]+)/position")
FUNCTION_CODE = re.compile(r"/_embedded/functions/(?P<name>[\w-]+)/(?P<version>\$LATEST|\d+)/code")
DEPLOYMENT = "/_embedded/deployment"
POOL_KEY = re.compile(r"/_embedded/user-pools/(?P<pool>[\w-]+)/signing-key")


class EmbeddedRoutes:
    """The routes below /_embedded, for the administrator only and not for web pages."""

    def __init__(self, account_id: str, keeper: AccountKeeper) -> None:
        self._account_id = account_id
        self._keeper = keeper

    def respond(self, environ: dict[str, Any]) -> Response | None:
        """Return the response to a request, None for other routes. Raises RejectedRequestError."""
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
        if path == DEPLOYMENT:
            return self._deployment(Request(environ))
        if mapping := POSITION.fullmatch(path):
            return self._position(mapping["mapping"], Request(environ))
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

    def _position(self, uuid: str, request: Request) -> Response:
        """Return the last record that a mapping has delivered, or replace it: it is saved with the account."""
        for backend in lambda_backends[self._account_id].values():
            mapping: Any = backend.get_event_source_mapping(uuid)
            if mapping is None:
                continue
            if request.method == "PUT":
                with self._keeper.changing:
                    mapping.position = request.get_data(as_text=True)
                self._keeper.changed()
            return Response(getattr(mapping, "position", ""))
        return Response("", 404)

    def _deployment(self, request: Request) -> Response:
        """Return the record of the deployed stack, or replace it: it is saved with the account, in one file."""
        if request.method == "PUT":
            with self._keeper.changing:
                self._keeper.deployment = request.get_data()
        return Response(self._keeper.deployment, content_type="application/json")
