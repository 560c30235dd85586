"""Stacks that hold no credential, and stacks that do."""

import base64
from typing import Any

from tests.support.credentials import CREDENTIALS, HARMLESS
from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase
from toolkit.resource_types.apigatewayv2 import STAGE
from toolkit.resource_types.dynamodb import TABLE

TOKEN, WEBHOOK = CREDENTIALS["SETTINGS"], CREDENTIALS["WEBHOOK"]


def one(type_: str, **properties: Any) -> tuple[Subject, ...]:
    return (Subject(type_, properties, "one"),)


def parameter(type_: str, name: str, value: str) -> tuple[Subject, ...]:
    return one("aws:ssm/parameter:Parameter", type=type_, name=name, value=value)


CASES = {
    "no-plain-credentials": StackCase(
        good=one(STAGE, stageVariables=HARMLESS),
        bad={
            "a tag": one(TABLE, tags={"note": TOKEN}),
            "a description": one(TABLE, description=f"see {WEBHOOK}"),
            "a stage's variable": one(STAGE, stageVariables={"dbPassword": "letmein"}),
            "a build's variable": one(
                "aws:codebuild/project:Project",
                environment={"environmentVariables": [{"name": "NPM_TOKEN", "value": "abcdef123456"}]},
            ),
            "user data": one(
                "aws:ec2/launchTemplate:LaunchTemplate",
                userData=base64.b64encode(f"export HOOK={WEBHOOK}".encode()).decode(),
            ),
            "a parameter": parameter("String", "/items/db-password", "letmein"),
        },
        also_good={
            "an encrypted parameter": parameter("SecureString", "/items/db-password", "letmein"),
            "a parameter that says where": parameter("String", "/items/token-url", "https://example.com/token"),
            "a secret": one("aws:secretsmanager/secretVersion:SecretVersion", secretString=TOKEN),
        },
    ),
}
