"""First calls to the services whose first call is dear, made while the parent is still busy reading the program."""

from typing import Any

from werkzeug.test import Client

CALLS = (
    ("apigateway", "/v2/apis", None, ""),
    ("lambda", "/2015-03-31/functions", None, ""),
    ("s3", "/", None, ""),
    ("dynamodb", "/", "DynamoDB_20120810.ListTables", "{}"),
    ("cognito-idp", "/", "AWSCognitoIdentityProviderService.ListUserPools", '{"MaxResults": 1}'),
)


def warm_up(application: Any) -> None:
    """List what there is, which is nothing; moto loads a service's code and model when it is first asked."""
    client = Client(application)
    for service, path, target, body in CALLS:
        credential = f"Credential=none/20000101/us-east-1/{service}/aws4_request"
        headers = {"Authorization": f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=none"}
        if target is None:
            client.get(path, headers=headers)
        else:
            headers["X-Amz-Target"] = target
            client.post(path, headers=headers, data=body, content_type="application/x-amz-json-1.0")
