"""Loads the services with a slow first call, while the parent evaluates the program."""

from typing import Any

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from werkzeug.test import Client

CALLS = (
    ("apigateway", "/v2/apis", None, ""),
    ("lambda", "/2015-03-31/functions", None, ""),
    ("s3", "/", None, ""),
    ("dynamodb", "/", "DynamoDB_20120810.ListTables", "{}"),
    ("cognito-idp", "/", "AWSCognitoIdentityProviderService.ListUserPools", '{"MaxResults": 1}'),
)


def preload_services(application: Any, port: int, administrator: Credentials) -> None:
    """Call each service once: moto loads a service's code and model at its first call."""
    client = Client(application)
    for service, path, target, body in CALLS:
        url = f"http://127.0.0.1:{port}{path}"
        request = AWSRequest("POST" if target else "GET", url, data=body)
        if target:
            request.headers["X-Amz-Target"], request.headers["Content-Type"] = target, "application/x-amz-json-1.0"
        kind = S3SigV4Auth if service == "s3" else SigV4Auth
        kind(administrator, service, "us-east-1").add_auth(request)
        client.open(path, base_url=url, method=request.method, headers=dict(request.headers.items()), data=body)
