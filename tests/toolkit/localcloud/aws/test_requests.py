"""No request without a key changes or reads anything: not a web page's and not another process's."""

from typing import Any

import botocore.session
import httpx
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.support.aws import role_with, shared_aws, unique
from toolkit.localcloud.aws import EmbeddedAws
from toolkit.localcloud.aws.authorization.authentication import UNSIGNED_OPERATIONS
from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.embedded_client import call_embedded_route

EVIL = {"Origin": "http://evil.example", "Content-Type": "text/plain"}
JSON = "application/x-amz-json-1.0"


def port() -> int:
    return int(shared_aws().endpoint_url.rpartition(":")[2])


def send(method: str, path: str, **more: Any) -> httpx.Response:
    return httpx.request(method, f"{shared_aws().endpoint_url}{path}", trust_env=False, **more)


def signed(
    connection: AwsConnection, service: str, path: str = "/", *, data: bytes = b"", timestamp: str = "", **headers: str
) -> dict[str, str]:
    """Return the headers of a POST that the connection's key signs, at another time where one is given."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    request = AWSRequest("POST", f"{connection.endpoint_url}{path}", data=data, headers=names)
    auth: Any = SigV4Auth(
        Credentials(connection.access_key_id, connection.secret_access_key, connection.session_token),
        service,
        connection.region,
    )
    auth.add_auth(request)
    if timestamp:
        del request.headers["Authorization"], request.headers["X-Amz-Date"]
        request.context["timestamp"] = request.headers["X-Amz-Date"] = timestamp
        signature = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
        auth._inject_signature_to_request(request, signature)  # noqa: SLF001 - add_auth takes no other time
    return dict(request.headers.items())


CONTROL = ("reset", "reset-auth", "seed?a=1", "recorder/start-recording", "config", "data.json", "state-manager/x", "")


@pytest.mark.parametrize("route", CONTROL)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_moto_control_route_rejects_a_web_page(route: str, method: str) -> None:
    assert send(method, f"/moto-api/{route}", headers=EVIL, content=b"1000" if method != "GET" else b"").is_client_error


@pytest.mark.parametrize("service", ["s3", "motoapi", "moto_api", "iam"])
def test_moto_control_route_rejects_the_administrator(service: str) -> None:
    path = "/moto-api/reset"
    assert send("POST", path, headers=signed(shared_aws().connection, service, path)).status_code in (403, 404)
    assert shared_aws().connection.client("sts").get_caller_identity()


@pytest.mark.parametrize("path", ["/", "/latest/meta-data/", "/moto-api/reset", "/_embedded/functions/f/1/code"])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1:{port}@evil", ""])
def test_foreign_host_header_is_rejected(host: str, path: str) -> None:
    response = send("POST", path, headers={"Host": host.format(port=port())})
    assert (response.status_code, "The Host header must be" in response.text) == (403, True)


UNSIGNED: list[tuple[str, str, dict[str, str], bytes]] = [
    ("PUT", "/a-bucket", {}, b""),
    ("GET", "/", {}, b""),
    ("POST", "/", {"Content-Type": "application/x-www-form-urlencoded"}, b"Action=CreateUser&UserName=eve"),
    ("POST", "/?Action=CreateUser&UserName=eve", {"Content-Type": "text/plain"}, b""),
    ("PUT", "/2015-03-31/functions/f/code", EVIL, b'{"ZipFile": ""}'),
    ("POST", "/", {"Content-Type": JSON, "X-Amz-Target": "DynamoDB_20120810.ListTables"}, b"{}"),
    (
        "POST",
        "/?Action=AdminDeleteUser",
        {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
        },
        b"{}",
    ),
    (
        "POST",
        "/",
        {"Content-Type": "text/plain", "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth"},
        b"{}",
    ),
    (
        "POST",
        "/",
        {"Content-Type": "application/x-www-form-urlencoded"},
        b"Action=AssumeRoleWithWebIdentity&RoleArn=arn:aws:iam::123456789012:role/x&WebIdentityToken=x&Version=2011-06-15",
    ),
    ("GET", "/", {"Authorization": "AWS4-HMAC-SHA256 Credential=x/20261129/us-east-1/s3/aws4_request"}, b""),
    ("GET", "/", {"Authorization": "Bearer x"}, b""),
    ("GET", "/_embedded/user-pools/p/users", {}, b""),
]


@pytest.mark.parametrize(("method", "path", "headers", "body"), UNSIGNED)
def test_unsigned_call_is_rejected(method: str, path: str, headers: dict[str, str], body: bytes) -> None:
    response = send(method, path, headers=headers, content=body)
    assert response.status_code in (400, 403)
    assert any(word in response.text for word in ("Authentication Token", "Authorization", "authorization"))


UNVERIFIED = (
    "SignUp",
    "ConfirmSignUp",
    "ForgotPassword",
    "ConfirmForgotPassword",
)


@pytest.mark.parametrize("operation", UNVERIFIED)
def test_unsigned_cognito_sign_up_or_password_reset_is_rejected(operation: str) -> None:
    target = {"X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}", "Content-Type": JSON}
    assert "Authentication Token" in send("POST", "/", headers=target, content=b"{}").text


def test_unsigned_operations_equal_the_unsigned_operations_of_cognito() -> None:
    model = botocore.session.get_session().get_service_model("cognito-idp")
    assert {model.operation_model(name).auth_type for name in UNSIGNED_OPERATIONS} == {"none"}


def test_first_call_with_unknown_access_key_is_rejected() -> None:
    with EmbeddedAws() as aws:
        stranger = AwsConnection(aws.endpoint_url, "us-east-1", "none", "none")
        with pytest.raises(ClientError, match="InvalidClientTokenId"):
            stranger.client("iam").list_users()


@pytest.mark.parametrize("timestamp", ["20200101T000000Z", "20991231T000000Z"])
@pytest.mark.parametrize(
    ("service", "headers", "code"),
    [
        ("dynamodb", {"Content_Type": JSON, "X_Amz_Target": "DynamoDB_20120810.ListTables"}, "InvalidSignatureExc"),
        ("iam", {"Content_Type": "application/x-www-form-urlencoded"}, "<Code>SignatureDoesNotMatch</Code>"),
        ("lambda", {}, "InvalidSignatureException"),
        ("s3", {}, "<Code>RequestTimeTooSkewed</Code>"),
    ],
)
def test_signature_of_another_day_is_rejected_in_services_format(
    service: str, headers: dict[str, str], code: str, timestamp: str
) -> None:
    sent = signed(shared_aws().connection, service, data=b"{}", timestamp=timestamp, **headers)
    response = send("POST", "/", headers=sent, content=b"{}")
    assert response.status_code == (400 if service == "dynamodb" else 403)
    assert code in response.text + response.headers.get("x-amzn-errortype", "")


def test_unsigned_amz_header_is_rejected() -> None:
    s3, bucket = shared_aws().connection.client("s3"), unique("bucket")
    s3.create_bucket(Bucket=bucket)
    url = s3.generate_presigned_url("put_object", Params={"Bucket": bucket, "Key": "one"})
    assert httpx.put(url, content=b"1", trust_env=False).status_code == 200
    changed = httpx.put(url, content=b"1", headers={"x-amz-acl": "public-read"}, trust_env=False)
    assert (changed.status_code, "not signed" in changed.text) == (403, True)


def test_presigned_url_with_a_target_of_another_service_is_rejected() -> None:
    s3 = shared_aws().connection.client("s3")
    url = s3.generate_presigned_url("list_buckets")
    target = {"X-Amz-Target": "AWSCognitoIdentityProviderService.SignUp", "Content-Type": "application/x-amz-json-1.1"}
    assert httpx.get(url, headers=target, trust_env=False).status_code == 403


def test_inactive_access_key_is_rejected() -> None:
    iam, name = shared_aws().connection.client("iam"), unique("user")
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    iam.update_access_key(UserName=name, AccessKeyId=key["AccessKeyId"], Status="Inactive")
    user = AwsConnection(shared_aws().endpoint_url, "us-east-1", key["AccessKeyId"], key["SecretAccessKey"])
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        user.client("sts").get_caller_identity()


def test_embedded_routes_reject_other_callers_and_web_pages() -> None:
    pool = shared_aws().connection.client("cognito-idp").create_user_pool(PoolName="p")["UserPool"]["Id"]
    path = f"user-pools/{pool}/signing-key"
    assert call_embedded_route(shared_aws().connection, path).json()["kty"] == "RSA"
    everything = role_with({"Effect": "Allow", "Action": "*", "Resource": "*"})
    assert call_embedded_route(everything, path).status_code == 403
    headers = signed(shared_aws().connection, "embedded", f"/_embedded/{path}")
    assert send("POST", f"/_embedded/{path}", headers=headers).status_code == 200
    assert send("POST", f"/_embedded/{path}", headers=headers | {"Origin": "http://evil.example"}).status_code == 403


def test_each_user_pool_publishes_its_own_keys() -> None:
    cognito = shared_aws().connection.client("cognito-idp")
    pools = [cognito.create_user_pool(PoolName="p")["UserPool"]["Id"] for _ in range(2)]
    sets = [send("GET", f"/{pool}/.well-known/jwks.json").json()["keys"] for pool in pools]
    assert [len(keys) for keys in sets] == [1, 1]
    assert sets[0] != sets[1]
    assert all(keys[0].keys() == {"alg", "e", "kid", "kty", "n", "use"} for keys in sets)


def test_process_responds_while_its_output_is_not_read() -> None:
    with EmbeddedAws() as aws:
        target = "DynamoDB_20120810.NoSuchOperation"
        for _ in range(60):  # each logs a traceback of some kB; a pipe holds 64 kB
            headers = signed(aws.connection, "dynamodb", data=b"{", X_Amz_Target=target, Content_Type=JSON)
            httpx.post(aws.endpoint_url, headers=headers, content=b"{", trust_env=False, timeout=5)
        assert aws.connection.client("sts").get_caller_identity()
