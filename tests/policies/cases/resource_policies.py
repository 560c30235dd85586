"""Cases of the rules on resource policies, over several services."""

from typing import Any

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.cloudwatch import EVENT_PERMISSION
from toolkit.resource_types.kms import KEY, KEY_GRANT
from toolkit.resource_types.lambda_ import LAYER_PERMISSION, PERMISSION
from toolkit.resource_types.s3 import ACCESS_POINT, BUCKET_POLICY
from toolkit.resource_types.secretsmanager import SECRET, SECRET_POLICY
from toolkit.resource_types.sns import TOPIC, TOPIC_POLICY
from toolkit.resource_types.sqs import QUEUE, QUEUE_POLICY

OWN, OTHER = "333333333333", "444444444444"
TABLE_POLICY = "aws:dynamodb/resourcePolicy:ResourcePolicy"
REPOSITORY_POLICY = "aws:ecr/repositoryPolicy:RepositoryPolicy"
LOG_POLICY = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"
CLOUDFRONT = {"Service": "cloudfront.amazonaws.com"}
LOAD_BALANCING = {"AWS": "arn:aws:iam::054676820928:root"}


def root(account: str) -> dict[str, str]:
    return {"AWS": f"arn:aws:iam::{account}:root"}


def admits(principal: Any, condition: dict[str, Any] | None = None, **element: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "x:Read", "Resource": "*", **element}
    return {"policy": {"Statement": [{**statement, "Condition": condition} if condition else statement]}}


def source(account: str, key: str = "aws:SourceAccount") -> dict[str, Any]:
    return {"StringEquals": {key: account}}


FOREIGN = {
    "the root of another account": admits(root(OTHER)),
    "a role of another account": admits({"AWS": [f"arn:aws:iam::{OWN}:root", f"arn:aws:iam::{OTHER}:role/a"]}),
    "another account by number": admits({"AWS": OTHER}),
    "a session of another account": admits({"AWS": f"arn:aws:sts::{OTHER}:assumed-role/a/b"}),
    "everybody of another account": admits("*", source(OTHER, "aws:PrincipalAccount")),
    "a service for another account": admits(CLOUDFRONT, source(OTHER)),
    "a service for two accounts": admits(CLOUDFRONT, {"StringEquals": {"aws:SourceAccount": [OWN, OTHER]}}),
    "a service for a resource of another account": admits(
        CLOUDFRONT, {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudfront::{OTHER}:distribution/E1"}}
    ),
}
OF_THE_ACCOUNT = {
    "the account by number": admits({"AWS": OWN}),
    "a role": admits({"AWS": f"arn:aws:iam::{OWN}:role/a"}),
    "everybody of the account": admits("*", source(OWN, "aws:PrincipalAccount")),
    "the organization": admits("*", source("o-a1b2c3d4e5", "aws:PrincipalOrgID")),
    "a service for the account": admits(CLOUDFRONT, source(OWN)),
    "a Deny for everybody else": admits(root(OTHER), Effect="Deny"),
}
SOURCELESS = {"a service for anybody": admits(CLOUDFRONT)}


def invokes(principal: str, **properties: str) -> dict[str, str]:
    return {"action": "lambda:InvokeFunction", "function": "api", "principal": principal, **properties}


ALARMS = {"Service": "cloudwatch.amazonaws.com"}
SOURCE = {"StringEquals": {"aws:SourceAccount": "333333333333"}}
HTTP = {"Bool": {"aws:SecureTransport": "false"}}


def policy(effect: str, principal: Any, action: str, **more: Any) -> dict[str, Any]:
    return {"policy": {"Statement": [{"Effect": effect, "Principal": principal, "Action": action, **more}]}}


CASES = {
    "s3-policy-own-account": ResourceCase(
        BUCKET_POLICY,
        good=admits(root(OWN)),
        bad={
            **FOREIGN,
            **SOURCELESS,
            "a canonical user": admits({"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7"}),
            "an access point": Subject(ACCESS_POINT, admits(root(OTHER))),
        },
        absent="pass",
        also_good={**OF_THE_ACCOUNT, "access logs of load balancers": admits(LOAD_BALANCING)},
    ),
    "kms-policy-own-account": ResourceCase(
        KEY,
        good=admits(root(OWN)),
        bad={
            **FOREIGN,
            "callers of another account": admits("*", source(OTHER, "kms:CallerAccount")),
            "a log group of another account": admits(
                {"Service": "logs.eu-central-1.amazonaws.com"},
                {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:eu-central-1:{OTHER}:*"}},
            ),
            "a grant": Subject(KEY_GRANT, {"keyId": "k", "granteePrincipal": f"arn:aws:iam::{OTHER}:role/a"}),
        },
        absent="pass",
        also_good={
            **OF_THE_ACCOUNT,
            "a grant": Subject(KEY_GRANT, {"keyId": "k", "granteePrincipal": f"arn:aws:iam::{OWN}:role/a"}),
        },
    ),
    "messages-policy-own-account": ResourceCase(
        TOPIC_POLICY,
        good=admits(root(OWN)),
        bad={
            **FOREIGN,
            "a queue": Subject(QUEUE_POLICY, admits(root(OTHER))),
            "a topic's own": Subject(TOPIC, admits(root(OTHER))),
            "a queue's own": Subject(QUEUE, admits(root(OTHER))),
        },
        absent="pass",
        also_good={**OF_THE_ACCOUNT, "AWS's default": admits({"AWS": "*"}, source(OWN, "AWS:SourceOwner"))},
    ),
    "secret-policy-own-account": ResourceCase(
        SECRET_POLICY,
        good=admits(root(OWN)),
        bad={**FOREIGN, **SOURCELESS, "a secret's own": Subject(SECRET, admits(root(OTHER)))},
        absent="pass",
        also_good=OF_THE_ACCOUNT,
    ),
    "lambda-permission-own-account": ResourceCase(
        PERMISSION,
        good=invokes("events.amazonaws.com", sourceArn=f"arn:aws:events:eu-central-1:{OWN}:rule/a"),
        bad={
            "another account": invokes(OTHER),
            "the root of another account": invokes(f"arn:aws:iam::{OTHER}:root"),
            "a resource of another account": invokes(
                "sns.amazonaws.com", sourceArn=f"arn:aws:sns:eu-central-1:{OTHER}:topic"
            ),
            "a resource of every account": invokes("sns.amazonaws.com", sourceArn="arn:aws:sns:eu-central-1:*:topic"),
            "a source account": invokes("s3.amazonaws.com", sourceArn="arn:aws:s3:::bucket", sourceAccount=OTHER),
            "a layer": Subject(LAYER_PERMISSION, {"principal": OTHER, "action": "lambda:GetLayerVersion"}),
        },
        absent="pass",
        also_good={
            "the account": invokes(OWN),
            "a bucket": invokes("s3.amazonaws.com", sourceArn="arn:aws:s3:::bucket", sourceAccount=OWN),
            "the organization": invokes("*", principalOrgId="o-a1b2c3d4e5"),
            "a layer for the organization": Subject(
                LAYER_PERMISSION, {"principal": "*", "organizationId": "o-a1b2c3d4e5"}
            ),
        },
    ),
    "resource-policy-own-account": ResourceCase(
        TABLE_POLICY,
        good=admits(root(OWN)),
        bad={
            **FOREIGN,
            **SOURCELESS,
            "everybody": admits("*"),
            "a repository": Subject(REPOSITORY_POLICY, admits(root(OTHER))),
            "log groups": Subject(LOG_POLICY, {"policyDocument": admits(root(OTHER))["policy"]}),
        },
        absent="pass",
        also_good={
            **OF_THE_ACCOUNT,
            "Lambda pulls images": Subject(REPOSITORY_POLICY, admits({"Service": "lambda.amazonaws.com"})),
        },
    ),
    "event-bus-own-account": ResourceCase(
        EVENT_PERMISSION,
        good={"principal": OWN, "statementId": "a"},
        bad={"another account": {"principal": OTHER}, "everybody": {"principal": "*"}},
        absent="fail",
        also_good={
            "the organization": {
                "principal": "*",
                "condition": {"key": "aws:PrincipalOrgID", "type": "StringEquals", "value": "o-a1b2c3d4e5"},
            }
        },
    ),
    "messages-policy-not-public": ResourceCase(
        TOPIC_POLICY,
        good=policy("Allow", ALARMS, "sns:Publish", Condition=SOURCE),
        bad={
            "everybody": policy("Allow", "*", "sns:Publish"),
            "everybody, to a queue": Subject(QUEUE_POLICY, policy("Allow", {"AWS": "*"}, "sqs:SendMessage")),
            "everybody, in the topic's own": Subject(TOPIC, policy("Allow", "*", "sns:Publish")),
            "anybody's alarms": policy("Allow", ALARMS, "sns:Publish"),
            "all but": policy("Allow", ALARMS, "sns:Publish", Condition=SOURCE, NotResource="arn:aws:sns:a"),
        },
        absent="pass",
        also_good={"the owner": policy("Allow", "*", "sns:Publish", Condition=SOURCE)},
    ),
    "messages-tls-only": ResourceCase(
        TOPIC_POLICY,
        good=policy("Deny", "*", "sns:Publish", Condition=HTTP),
        bad={
            "nothing denied": policy("Allow", ALARMS, "sns:Publish"),
            "of a queue": Subject(QUEUE_POLICY, policy("Deny", "*", "sns:Publish", Condition=HTTP)),
        },
        absent="fail",
        also_good={"a queue": Subject(QUEUE_POLICY, policy("Deny", "*", "sqs:*", Condition=HTTP))},
    ),
}
