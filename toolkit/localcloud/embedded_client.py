"""Calls to the routes of the embedded AWS below /_embedded, which only the administrator may call."""

import httpx
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from toolkit.localcloud.connection import AwsConnection

SERVICE = "embedded"
LOCATION_SECONDS = 600
"""The lifetime of Lambda's link to a function's code: GetFunction in the Lambda API reference."""
TIMEOUT_SECONDS = 30


def call_embedded_route(connection: AwsConnection, path: str, *, put: bytes | None = None) -> httpx.Response:
    """GET a path below /_embedded, or PUT `put` there. Blocks on the network; raises httpx.HTTPError."""
    method, url = "GET" if put is None else "PUT", f"{connection.endpoint_url}/_embedded/{path}"
    request = AWSRequest(method, url, data=put or b"")
    credentials = Credentials(connection.access_key_id, connection.secret_access_key, connection.session_token)
    SigV4Auth(credentials, SERVICE, connection.region).add_auth(request)
    with httpx.Client(trust_env=False, timeout=TIMEOUT_SECONDS) as client:
        return client.request(method, url, headers=dict(request.headers.items()), content=put)


def presign(url: str, credentials: Credentials, region: str) -> str:
    """Return the URL of such a route, signed for LOCATION_SECONDS."""
    request = AWSRequest("GET", url)
    SigV4QueryAuth(credentials, SERVICE, region, expires=LOCATION_SECONDS).add_auth(request)
    return str(request.url)
