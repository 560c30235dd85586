"""Cases of the rules on IAM roles, users and attachments."""

from typing import Any

from policies.rules.iam.github import ISSUER
from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.iam import ACCESS_KEY, ROLE, ROLE_ATTACHMENT, USER


def trusted(principal: Any, **condition: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    held = {"Condition": condition} if condition else {}
    return {"assumeRolePolicy": {"Version": "2012-10-17", "Statement": [{**statement, **held}]}}


LAMBDA = {"Service": "lambda.amazonaws.com"}
DEPLOY = {"Service": "codedeploy.amazonaws.com"}
TRAIL = {"Service": "cloudtrail.amazonaws.com"}
SOURCE = {"aws:SourceAccount": "333333333333"}


CASES = {
    "iam-no-broad-managed": ResourceCase(
        ROLE_ATTACHMENT,
        good={"policyArn": "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"},
        bad={
            "an administrator": {"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"},
            "a power user": {"policyArn": "arn:aws:iam::aws:policy/PowerUserAccess"},
            "a whole service": {"policyArn": "arn:aws:iam::aws:policy/AmazonS3FullAccess"},
            "a whole service, below a path": {"policyArn": "arn:aws:iam::aws:policy/service-role/IAMFullAccess"},
            "of China": {"policyArn": "arn:aws-cn:iam::aws:policy/AdministratorAccess"},
        },
        absent="pass",
        also_good={"its own": {"policyArn": "arn:aws:iam::333333333333:policy/api"}},
    ),
    "iam-role-policies-apart": ResourceCase(
        ROLE,
        good={},
        bad={
            "inline": {"inlinePolicies": [{"name": "all", "policy": "{}"}]},
            "managed": {"managedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"]},
        },
        absent="pass",
    ),
    "iam-trust-limited": ResourceCase(
        ROLE,
        good=trusted(LAMBDA),
        bad={
            "everybody": trusted("*"),
            "every account": trusted({"AWS": "*"}),
            "every role": trusted({"AWS": "arn:aws:iam::333333333333:role/*"}),
            "another account": trusted({"AWS": "arn:aws:iam::444444444444:root"}),
            "another account, by number": trusted({"AWS": ["333333333333", "444444444444"]}),
            "two services, one of them for GitHub's runs": trusted(
                {"Service": "lambda.amazonaws.com", "Federated": f"arn:aws:iam::333333333333:oidc-provider/{ISSUER}"}
            ),
            "another account's identity provider": trusted(
                {"Federated": f"arn:aws:iam::444444444444:oidc-provider/{ISSUER}"}
            ),
            "two services": trusted({"Service": ["lambda.amazonaws.com", "ec2.amazonaws.com"]}),
        },
        absent="pass",
        also_good={
            "its own account": trusted({"AWS": "arn:aws:iam::333333333333:role/people"}),
            "a function at the edge": trusted({"Service": ["lambda.amazonaws.com", "edgelambda.amazonaws.com"]}),
        },
    ),
    "iam-trust-confused-deputy": ResourceCase(
        ROLE,
        good=trusted(DEPLOY, StringEquals=SOURCE),
        bad={
            "no condition": trusted(DEPLOY),
            "any account": trusted(DEPLOY, StringLike={"aws:SourceAccount": "*"}),
            "another account": trusted(DEPLOY, StringEquals={"aws:SourceAccount": "444444444444"}),
            "another account beside": trusted(
                DEPLOY, StringEquals={"aws:SourceAccount": ["333333333333", "444444444444"]}
            ),
            "any account's group": trusted(DEPLOY, ArnLike={"aws:SourceArn": "arn:aws:codedeploy:*:*:group/g"}),
            "if the key is sent": trusted(DEPLOY, StringEqualsIfExists=SOURCE),
            "every other account": trusted(DEPLOY, StringNotEquals=SOURCE),
            "CloudTrail with a source account": trusted(TRAIL, StringEquals=SOURCE),
            "CloudTrail with a source ARN": trusted(
                TRAIL, ArnLike={"aws:SourceArn": "arn:aws:cloudtrail:*:333333333333:trail/t"}
            ),
        },
        absent="pass",
        also_good={
            "Lambda": trusted(LAMBDA),
            "CloudTrail": trusted(TRAIL),
            "one account's group": trusted(
                DEPLOY, ArnLike={"aws:SourceArn": "arn:aws:codedeploy:*:333333333333:group/g"}
            ),
        },
    ),
    "iam-no-users": ResourceCase(
        USER, good=Subject(ROLE, {}), bad={"a user": {"name": "ci"}, "a key": Subject(ACCESS_KEY, {})}, absent="fail"
    ),
}
