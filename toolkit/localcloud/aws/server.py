"""The embedded AWS's HTTP server: moto's applications on one loopback port, with our patches."""

import re
from collections.abc import Iterable
from email.message import Message
from typing import Any
from urllib.parse import urlsplit

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.test import Client
from werkzeug.wrappers import Request

from toolkit.localcloud.aws.account_keeper import AccountKeeper, is_change
from toolkit.localcloud.aws.authorization.authentication import authenticate
from toolkit.localcloud.aws.embedded_routes import EmbeddedRoutes
from toolkit.localcloud.aws.failures import error_response_of
from toolkit.localcloud.aws.patches.apigatewayv2 import patch_apigatewayv2
from toolkit.localcloud.aws.patches.cloudfront import patch_cloudfront
from toolkit.localcloud.aws.patches.cloudtrail import patch_cloudtrail
from toolkit.localcloud.aws.patches.cloudwatch import patch_cloudwatch
from toolkit.localcloud.aws.patches.codedeploy import patch_codedeploy
from toolkit.localcloud.aws.patches.cognito import patch_cognito
from toolkit.localcloud.aws.patches.core import patch_core
from toolkit.localcloud.aws.patches.dynamodb import patch_dynamodb
from toolkit.localcloud.aws.patches.dynamodb_streams import patch_dynamodb_streams
from toolkit.localcloud.aws.patches.dynamodb_tables import patch_dynamodb_tables
from toolkit.localcloud.aws.patches.iam import patch_iam
from toolkit.localcloud.aws.patches.lambda_ import patch_lambda
from toolkit.localcloud.aws.patches.lambda_environment import patch_lambda_environment
from toolkit.localcloud.aws.patches.lambda_event_sources import patch_lambda_event_sources
from toolkit.localcloud.aws.patches.lambda_invocations import patch_lambda_invocations
from toolkit.localcloud.aws.patches.logs import patch_logs
from toolkit.localcloud.aws.patches.s3 import patch_s3
from toolkit.localcloud.aws.patches.s3_destinations import patch_s3_destinations
from toolkit.localcloud.aws.patches.s3_notifications import patch_s3_notifications
from toolkit.localcloud.aws.patches.scheduler import patch_scheduler
from toolkit.localcloud.aws.patches.secretsmanager import patch_secretsmanager
from toolkit.localcloud.aws.patches.sns_deliveries import patch_sns_deliveries
from toolkit.localcloud.aws.patches.sqs import patch_sqs
from toolkit.localcloud.aws.patches.sqs_messages import patch_sqs_messages
from toolkit.localcloud.aws.patches.sts import patch_sts
from toolkit.localcloud.aws.rejected_request import RejectedRequestError
from toolkit.localcloud.aws.s3_cors import cross_origin
from toolkit.localcloud.aws.services import Services, create_service
from toolkit.localcloud.loopback import is_loopback_host

CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
IDLE_SECONDS = 60
"""How long a client may take to send a request."""
FIRST_CALLS = (
    ("apigateway", "/v2/apis", None, ""),
    ("lambda", "/2015-03-31/functions", None, ""),
    ("s3", "/", None, ""),
    ("dynamodb", "/", "DynamoDB_20120810.ListTables", "{}"),
    ("cognito-idp", "/", "AWSCognitoIdentityProviderService.ListUserPools", '{"MaxResults": 1}'),
)
"""By service: path, operation and body of a call that loads it. The first call of each is slow."""


class QuietRequestHandler(MotoRequestHandler):
    """Handles requests of one loopback connection: no log line per request, and no Nagle's algorithm."""

    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS

    def parse_request(self) -> bool:
        """Read the head of a request. Reject one for another server, or one that is ambiguous."""
        if not super().parse_request():
            return False
        fault = head_fault(self.path, self.headers, self.server.server_port)
        if fault is None:
            return True
        self.send_error(*fault)
        return False

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Send an error with a status line and a 4xx, also where the request's version cannot be read."""
        self.request_version = self.protocol_version
        super().send_error(code if code < 500 else 400, message, explain)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing: gateway and function log the calls."""

    def log_error(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Log nothing: the client reads the response."""


def head_fault(target: str, headers: Message, port: int) -> tuple[int, str] | None:
    """Return the status and reason that reject the head of a request, None for one that is accepted."""
    hosts, lengths = headers.get_all("Host", []), headers.get_all("Content-Length", [])
    codings = [coding.strip().lower() for coding in headers.get_all("Transfer-Encoding", [])]
    if len(hosts) != 1:
        return 400, "A request has one Host header"
    try:
        named = [hosts[0], *([] if target.startswith("/") or target == "*" else [urlsplit(target).netloc])]
    except ValueError:
        return 400, "The target of the request is not a valid URL"
    if not all(is_loopback_host(host, subdomains=True) for host in named):
        return 403, f"The Host header must be 127.0.0.1:{port} or localhost:{port}"
    if len(lengths) > 1 or (lengths and (codings or not (lengths[0].isascii() and lengths[0].isdigit()))):
        return 400, "A request has one Content-Length, or is chunked"
    if codings not in ([], ["chunked"]):
        return 400, "The only transfer coding is chunked"
    if any(CONTROL_CHARACTER.search(value) for value in headers.values()):
        return 400, "A header has a control character"
    return None


class EmbeddedApplication:
    """moto's services for signed requests, and the routes below /_embedded."""

    def __init__(self, account_id: str, keeper: AccountKeeper) -> None:
        self._account_id = account_id
        self._keeper = keeper
        self._own = EmbeddedRoutes(account_id, keeper)
        self._services = Services(create_service)
        self._signed = cross_origin(self._authenticated, account_id)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Handle one call. An exception of moto becomes an error response instead of a dropped connection."""
        try:
            own = self._own.respond(environ)
            answer: Iterable[bytes] = (own or self._signed)(environ, start_response)
        except RejectedRequestError as rejected:
            return rejected.response(Request(environ).headers)(environ, start_response)
        except Exception as error:
            return error_response_of(error, environ).response(Request(environ).headers)(environ, start_response)
        else:
            return answer

    def _authenticated(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        try:
            authenticate(environ, self._account_id)
            answer = self._served(environ, start_response)
        except RejectedRequestError as rejected:
            return rejected.response(Request(environ).headers)(environ, start_response)
        else:
            return answer

    def _served(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Return moto's answer, once a change that it made is saved."""
        if not self._keeper.saves_changes or not is_change(environ, _body(environ)):
            answer: Iterable[bytes] = self._services(environ, start_response)
            return answer
        with self._keeper.changing:
            answer = self._services(environ, start_response)
        self._keeper.changed()
        return answer


def _body(environ: dict[str, Any]) -> bytes:
    """Return the body, which `authenticate` has read into memory."""
    return bytes(environ["wsgi.input"].getvalue())


def create_server(port: int, account_id: str, keeper: AccountKeeper) -> BaseWSGIServer:
    """Return the server, listening on 127.0.0.1 (port 0: any free one). Raises OSError where the port is taken."""
    application = EmbeddedApplication(account_id, keeper)
    return make_server("127.0.0.1", port, application, threaded=True, request_handler=QuietRequestHandler)


def apply_patches(account_id: str) -> None:
    """Patch moto in this process."""
    patch_core()
    patch_iam()
    patch_sts()
    patch_cognito(account_id)
    patch_s3()
    patch_s3_destinations()
    patch_dynamodb()
    patch_dynamodb_tables()
    patch_cloudwatch()
    patch_apigatewayv2()
    patch_logs()
    patch_codedeploy()
    patch_lambda()
    patch_lambda_environment()
    patch_lambda_invocations()
    patch_s3_notifications()
    patch_sns_deliveries()
    patch_sqs_messages()
    patch_dynamodb_streams()
    patch_lambda_event_sources()
    patch_secretsmanager()
    patch_cloudtrail()
    patch_cloudfront()
    patch_sqs()
    patch_scheduler()


def preload_services(application: Any, port: int, administrator: Credentials) -> None:
    """Call each service once, while the parent evaluates the program: moto loads a service at its first call."""
    client = Client(application)
    for service, path, target, body in FIRST_CALLS:
        url = f"http://127.0.0.1:{port}{path}"
        request = AWSRequest("POST" if target else "GET", url, data=body)
        if target:
            request.headers["X-Amz-Target"], request.headers["Content-Type"] = target, "application/x-amz-json-1.0"
        kind = S3SigV4Auth if service == "s3" else SigV4Auth
        kind(administrator, service, "us-east-1").add_auth(request)
        client.open(path, base_url=url, method=request.method, headers=dict(request.headers.items()), data=body)
