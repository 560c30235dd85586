"""Offline every computed property has the form that AWS gives it."""

import re
from pathlib import Path

import pytest

from stackgraph import evaluate
from stackgraph.imagined.aws import BY_TYPE

ACCOUNT, REGION = "333333333333", "eu-central-1"


@pytest.mark.parametrize("stack", ["local", "dev", "staging", "prod"])
def test_no_type_of_ours_is_answered_by_a_guess(stack: str, root: Path) -> None:
    types = {resource.type for resource in evaluate(stack, root=root).resources if resource.custom}

    assert types - BY_TYPE.keys() == set()


def test_arns_are_of_the_region_and_the_account_that_the_stack_names(root: Path) -> None:
    for resource in evaluate("prod", root=root).resources:
        arn = str(resource.outputs.get("arn", ""))
        if resource.type.startswith("aws:") and arn:
            assert re.match(rf"arn:aws:[a-z0-9-]+:({REGION})?:({ACCOUNT})?:\S+$", arn), resource.name


@pytest.mark.parametrize(
    ("kind", "output", "form"),
    [
        (
            "aws:lambda/function:Function",
            "arn",
            rf"arn:aws:lambda:{REGION}:{ACCOUNT}:function:api-function-[0-9a-f]{{7}}",
        ),
        ("aws:lambda/alias:Alias", "invokeArn", r"arn:aws:apigateway:\S+:function:api-function-\w{7}:live/invocations"),
        ("aws:apigatewayv2/api:Api", "apiEndpoint", rf"https://\w{{10}}\.execute-api\.{REGION}\.amazonaws\.com"),
        ("aws:apigatewayv2/api:Api", "executionArn", rf"arn:aws:execute-api:{REGION}:{ACCOUNT}:\w{{10}}"),
        ("aws:cognito/userPool:UserPool", "endpoint", rf"cognito-idp\.{REGION}\.amazonaws\.com/{REGION}_\w{{9}}"),
        ("aws:iam/role:Role", "arn", rf"arn:aws:iam::{ACCOUNT}:role/api-role-\w{{7}}"),
        ("aws:s3/bucket:Bucket", "arn", r"arn:aws:s3:::attachments-bucket-\w{7}"),
    ],
)
def test_a_computed_property_has_its_form(kind: str, output: str, form: str, root: Path) -> None:
    resource, *_ = evaluate("prod", root=root).of_type(kind)

    assert re.fullmatch(form, resource.outputs[output])
