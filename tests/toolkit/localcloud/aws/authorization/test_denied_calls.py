"""A denied call has its service's error format, and each call is evaluated on the resource that it names."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.aws import ACCOUNT, role_with, unique
from tests.support.iam import allow, answer, role_arn
from toolkit.localcloud.connection import AwsConnection


@pytest.fixture(scope="module")
def bare() -> AwsConnection:
    return role_with()


@pytest.mark.parametrize(
    ("service", "call", "arguments", "status", "code"),
    [
        ("acm", "list_certificates", {}, 400, "AccessDeniedException"),
        ("apigatewayv2", "get_apis", {}, 403, "AccessDeniedException"),
        ("cloudfront", "list_distributions", {}, 403, "AccessDenied"),
        ("cloudtrail", "describe_trails", {}, 400, "AccessDeniedException"),
        ("cloudwatch", "describe_alarms", {}, 403, "AccessDenied"),
        ("codedeploy", "list_applications", {}, 400, "AccessDeniedException"),
        ("dynamodb", "list_tables", {}, 400, "AccessDeniedException"),
        ("kms", "list_keys", {}, 400, "AccessDeniedException"),
        ("logs", "describe_log_groups", {}, 400, "AccessDeniedException"),
        ("route53", "list_hosted_zones", {}, 403, "AccessDenied"),
        ("secretsmanager", "list_secrets", {}, 400, "AccessDeniedException"),
        ("sns", "list_topics", {}, 403, "AuthorizationError"),
        ("sqs", "list_queues", {}, 403, "AccessDenied"),
        ("sts", "get_session_token", {}, 403, "AccessDenied"),
        ("wafv2", "list_web_acls", {"Scope": "REGIONAL"}, 400, "AccessDeniedException"),
    ],
)
def test_denied_call_has_its_services_code_and_status(
    service: str, call: str, arguments: dict[str, Any], status: int, code: str, bare: AwsConnection
) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(bare.client(service), call)(**arguments)
    response = caught.value.response
    assert (response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]) == (status, code)
    assert "because no identity-based policy allows the" in response["Error"]["Message"]


def test_function_needs_permission_to_pass_its_role() -> None:
    target = role_arn(role_with())
    wanted = {"FunctionName": unique("function"), "Runtime": "python3.12", "Handler": "m.h", "Code": {"ZipFile": b"x"}}
    creator = role_with(allow("lambda:*")).client("lambda")
    assert answer(creator, "create_function", Role=target, **wanted) == "AccessDeniedException"


@pytest.mark.parametrize(
    ("service", "call", "own", "other", "arn"),
    [
        ("sns", "get_topic_attributes", {"TopicArn": "{}:a"}, {"TopicArn": "{}:b"}, "arn:aws:sns:us-east-1:{}:a"),
        ("iam", "get_role", {"RoleName": "a"}, {"RoleName": "b"}, "arn:aws:iam::{}:role/a"),
        (
            "lambda",
            "get_function",
            {"FunctionName": "a"},
            {"FunctionName": "b"},
            "arn:aws:lambda:*:{}:function:a",
        ),
        (
            "cognito-idp",
            "describe_user_pool",
            {"UserPoolId": "us_a"},
            {"UserPoolId": "us_b"},
            "arn:aws:cognito-idp:*:{}:userpool/us_a",
        ),
        ("apigatewayv2", "get_api", {"ApiId": "a"}, {"ApiId": "b"}, "arn:aws:apigateway:us-east-1::/apis/a"),
        (
            "cloudwatch",
            "delete_alarms",
            {"AlarmNames": ["a"]},
            {"AlarmNames": ["b"]},
            "arn:aws:cloudwatch:*:{}:alarm:a",
        ),
        (
            "codedeploy",
            "get_application",
            {"applicationName": "a"},
            {"applicationName": "b"},
            "arn:aws:codedeploy:*:{}:application:a",
        ),
        ("kms", "describe_key", {"KeyId": "a"}, {"KeyId": "b"}, "arn:aws:kms:*:{}:key/a"),
    ],
)
def test_call_is_evaluated_on_resource_that_it_names(
    service: str, call: str, own: dict[str, Any], other: dict[str, Any], arn: str
) -> None:
    def named(arguments: dict[str, Any]) -> dict[str, Any]:
        prefix = f"arn:aws:sns:us-east-1:{ACCOUNT}"
        return {key: value.format(prefix) if isinstance(value, str) else value for key, value in arguments.items()}

    client = role_with(allow("*", arn.format(ACCOUNT))).client(service)
    denied = {"AccessDenied", "AccessDeniedException", "AuthorizationError"}
    assert answer(client, call, **named(own)) not in denied
    assert answer(client, call, **named(other)) in denied
