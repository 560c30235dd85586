"""The embedded AWS's HTTP server: moto's applications on one loopback port, with our teachings."""

import json
import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any

from moto.dynamodb.responses import DynamoHandler
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wrappers import Response

from localcloud.aws.additions import teach_additions
from localcloud.aws.alarm_states import patch_alarm_states
from localcloud.aws.cognito_flows import patch_sign_in
from localcloud.aws.concurrency_quota import patch_concurrency_quota
from localcloud.aws.cross_origin import cross_origin
from localcloud.aws.deliveries import teach_deliveries
from localcloud.aws.gradual_delivery import teach_gradual_delivery
from localcloud.aws.origin_headers import patch_origin_headers
from localcloud.aws.own_routes import OwnRoutes
from localcloud.aws.permissions import teach_permissions
from localcloud.aws.sessions import patch_sessions
from localcloud.aws.trail_checks import patch_trail_checks
from localcloud.aws.transaction_tokens import patch_transaction_tokens
from localcloud.aws.uploads import patch_uploads

log = logging.getLogger("embedded-aws")


class QuietRequestHandler(MotoRequestHandler):
    """One request on a loopback connection that stays open: no line per request, no waiting for a full segment."""

    disable_nagle_algorithm = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: the calls are the front's and the function's to log."""


class EmbeddedApplication:
    """moto's dispatcher, plus our own routes."""

    def __init__(self, account_id: str) -> None:
        self._own = OwnRoutes(account_id)
        self._moto = cross_origin(DomainDispatcherApplication(create_backend_app), account_id)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one call; what moto cannot do is told to the client instead of dropping its connection."""
        try:
            own = self._own.answer(environ)
            if own is not None:
                return own(environ, start_response)
            answer: Iterable[bytes] = self._moto(environ, start_response)
        except Exception as error:
            log.exception("%s %s", environ.get("HTTP_X_AMZ_TARGET", environ.get("PATH_INFO")), type(error).__name__)
            body = json.dumps({"__type": "InternalFailure", "message": f"{type(error).__name__}: {error}"})
            return Response(body, 500, {"x-amzn-errortype": "InternalFailure"}, content_type="application/json")(
                environ, start_response
            )
        else:
            return answer


def create_server(port: int, account_id: str) -> BaseWSGIServer:
    """The server, listening on 127.0.0.1 (port 0: any free one); OSError where the port is taken."""
    teach_permissions()
    patch_sessions()
    patch_sign_in()
    patch_uploads()
    patch_transaction_tokens()
    patch_alarm_states()
    teach_additions()
    teach_deliveries()
    teach_gradual_delivery()
    patch_concurrency_quota()
    patch_trail_checks()
    patch_origin_headers()
    tables: Any = DynamoHandler
    tables.call_action = one_at_a_time(tables.call_action)
    return make_server(
        "127.0.0.1", port, EmbeddedApplication(account_id), threaded=True, request_handler=QuietRequestHandler
    )


def one_at_a_time(call: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The call behind a lock: moto checks a condition and writes in two steps, so two threads could both win."""
    lock = threading.Lock()

    def locked(handler: Any) -> Any:
        with lock:
            return call(handler)

    return locked
