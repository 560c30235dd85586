import json
from typing import Any

import pytest

from tests.support.graphs import graph, resource
from toolkit.pipeline.preview.model import BOUNDED, Grant
from toolkit.pipeline.preview.permissions import RESOURCE_POLICIES, moves
from toolkit.resource_types.apigatewayv2 import ROUTE
from toolkit.resource_types.iam import POLICY, ROLE, ROLE_ATTACHMENT, ROLE_POLICY
from toolkit.stacks import Resource

TRUST = json.dumps({"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "l"}}]})
READ = {"Effect": "Allow", "Action": ["t:Get", "t:Query"], "Resource": "arn:t"}


def role(trust: str = TRUST) -> Resource:
    return resource("api-role", ROLE, id="api-role-1", inputs={"assumeRolePolicy": trust})


def inline(*statements: Any) -> Resource:
    return resource(
        "api-may", ROLE_POLICY, inputs={"role": "api-role-1", "policy": json.dumps({"Statement": statements})}
    )


def granted(before: list[Resource], after: list[Resource]) -> list[tuple[str, str, str, str]]:
    return [(m.sign, m.grant.effect, m.grant.action, m.grant.resource) for m in moves(graph(*before), graph(*after))]


def test_reformatted_document_changes_no_permission() -> None:
    split = [{**READ, "Action": "t:Query"}, {**READ, "Action": "t:Get", "Resource": ["arn:t"]}]
    assert granted([role(), inline(READ)], [role(), inline(*split)]) == []


def test_added_action_is_a_gain_and_removed_action_a_loss() -> None:
    after = {**READ, "Action": ["t:Get", "t:Delete"]}
    expected = [("gains", "may", "t:Delete", "arn:t"), ("loses", "may", "t:Query", "arn:t")]
    assert granted([role(), inline(READ)], [role(), inline(after)]) == expected


def test_wider_resource_is_a_gain() -> None:
    found = granted([role(), inline(READ)], [role(), inline({**READ, "Resource": "*"})])
    assert ("gains", "may", "t:Get", "*") in found


def test_removed_deny_is_a_gain() -> None:
    deny = {"Effect": "Deny", "Action": "t:Drop", "Resource": "*"}
    assert granted([role(), inline(READ, deny)], [role(), inline(READ)]) == [("gains", "may not", "t:Drop", "*")]
    assert granted([role(), inline(READ)], [role(), inline(READ, deny)]) == [("loses", "may not", "t:Drop", "*")]


def test_removed_condition_is_a_gain() -> None:
    only = {**READ, "Action": "t:Get", "Condition": {"StringEquals": {"aws:SourceAccount": "1"}}}
    (gained, lost) = moves(graph(role(), inline(only)), graph(role(), inline({**READ, "Action": "t:Get"})))
    assert gained.grant == Grant("api-role", "may", "t:Get", "arn:t")
    assert lost.grant.condition == "stringequals aws:sourceaccount 1"


def test_new_principal_of_a_trust_policy_is_a_gain() -> None:
    anyone = json.dumps({"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}]})
    found = granted([role()], [role(anyone)])
    assert ("gains", "is assumed by", "sts:AssumeRole", "AWS *") in found


def test_attached_policy_counts_for_its_role() -> None:
    policy = resource("p", POLICY, id="arn:p", inputs={"policy": json.dumps({"Statement": [READ]})})
    attached = resource("a", ROLE_ATTACHMENT, inputs={"role": "api-role-1", "policyArn": "arn:p"})
    (first, *_) = moves(graph(role(), policy), graph(role(), policy, attached))
    assert first.grant == Grant("api-role", "may", "t:Get", "arn:t")


def test_attached_managed_policy_is_named_by_its_arn() -> None:
    attached = resource(
        "a", ROLE_ATTACHMENT, inputs={"role": "api-role-1", "policyArn": "arn:aws:iam::aws:policy/Admin"}
    )
    expected = [("gains", "may", "all that the policy says", "arn:aws:iam::aws:policy/Admin")]
    assert granted([role()], [role(), attached]) == expected


@pytest.mark.parametrize("element", ["Action", "Resource"])
def test_not_action_is_reported_as_all_but(element: str) -> None:
    without = {key: value for key, value in READ.items() if key != element}
    found = granted([role()], [role(), inline({**without, f"Not{element}": "x:Y"})])
    assert any("all but x:Y" in words for words in found[0])


def test_unreadable_document_is_reported() -> None:
    broken = resource("api-may", ROLE_POLICY, inputs={"role": "api-role-1", "policy": "{"})
    assert granted([role()], [role(), broken])[0][2] == "something that cannot be read"


def test_removed_boundary_is_a_gain_unless_the_role_is_removed() -> None:
    bound = resource("r", ROLE, inputs={"permissionsBoundary": "arn:b"})
    assert granted([bound], [resource("r", ROLE)]) == [("gains", "may not", BOUNDED, "arn:b")]
    assert granted([bound], []) == []


@pytest.mark.parametrize(
    ("type", "path"),
    list(RESOURCE_POLICIES.items()),
)
def test_new_principal_of_a_resource_policy_is_a_gain(type: str, path: str) -> None:
    statement = {"Effect": "Allow", "Action": "x:Do", "Resource": "*", "Principal": {"AWS": "arn:aws:iam::9:root"}}
    policy = json.dumps({"Statement": [statement]})
    (move,) = moves(graph(resource("it", type)), graph(resource("it", type, inputs={path: policy})))
    assert (move.sign, move.grant) == ("gains", Grant("AWS arn:aws:iam::9:root", "may", "x:Do", "it"))


def test_new_lambda_permission_is_a_gain() -> None:
    inputs = {"action": "lambda:InvokeFunction", "function": "f", "principal": "999999999999"}
    (move,) = moves(graph(), graph(resource("p", "aws:lambda/permission:Permission", inputs=inputs)))
    assert move.grant == Grant("999999999999", "may", "lambda:InvokeFunction", "f")


def test_policy_used_only_as_boundary_is_reported_by_name() -> None:
    deny = {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}
    before, after = ({"policy": json.dumps({"Statement": found})} for found in ([READ, deny], [READ]))
    assert granted([resource("wall", POLICY, inputs=before)], [resource("wall", POLICY, inputs=after)]) == [
        ("gains", "may not", "iam:*", "*")
    ]


@pytest.mark.parametrize(
    ("type", "before", "after", "gain"),
    [
        (ROUTE, {"authorizationType": "JWT"}, {"authorizationType": "NONE"}, ("everybody", "call without a token")),
        (
            ROUTE,
            {"authorizationType": "JWT", "authorizationScopes": ["w"]},
            {"authorizationType": "JWT"},
            ("tokens with no scope", "call"),
        ),
        (
            "aws:apigatewayv2/api:Api",
            {"corsConfiguration": {"allowOrigins": ["https://a"]}},
            {"corsConfiguration": {"allowOrigins": ["https://a", "https://b"]}},
            ("pages of https://b", "call with CORS"),
        ),
        (
            "aws:cognito/userPoolClient:UserPoolClient",
            {"callbackUrls": ["https://a"]},
            {"callbackUrls": ["https://a", "https://b"]},
            ("it", "send sign-in codes to"),
        ),
        (
            "aws:apigatewayv2/authorizer:Authorizer",
            {"jwtConfiguration": {"audiences": ["a"]}},
            {"jwtConfiguration": {"audiences": ["a", "b"]}},
            ("tokens for b", "call"),
        ),
        (
            "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
            {"bucket": "it", "blockPublicPolicy": True},
            {"bucket": "it", "blockPublicPolicy": False},
            ("everybody", "public access (blockPublicPolicy)"),
        ),
    ],
)
def test_wider_access_of_callers_is_a_gain(type: str, before: Any, after: Any, gain: tuple[str, str]) -> None:
    key = {"routeKey": "GET /a"} if type == ROUTE else {}
    old, new = (graph(resource("it", type, inputs={**key, **inputs})) for inputs in (before, after))
    assert gain in [(move.grant.role, move.grant.action) for move in moves(old, new) if move.sign == "gains"]


def test_permission_has_the_same_text_in_each_stack() -> None:
    found = []
    for stack, account, suffix in (("dev", "111111111111", "1a2b3c4"), ("prod", "333333333333", "9f8e7d6")):
        bucket = f"files-bucket-{suffix}"
        outputs = {"arn": f"arn:aws:s3:::{bucket}", "bucket": bucket}
        files = resource("files", "aws:s3/bucket:Bucket", id=bucket, outputs=outputs, stack=stack)
        queue = resource(
            "jobs", "aws:sqs/queue:Queue", outputs={"arn": f"arn:aws:sqs:eu-west-1:{account}:jobs-{suffix}"}
        )
        statement = {
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": [f"arn:aws:s3:::{bucket}/*", f"arn:aws:logs:eu-west-1:{account}:log-group:/{stack}/x"],
        }
        after = graph(role(), files, queue, inline(statement), stack=stack)
        found.append([move.grant for move in moves(graph(role(), files, queue, stack=stack), after)])
    assert found[0] == found[1]
    assert [grant.resource for grant in found[0]] == [
        "arn:aws:logs:${region}:${account}:log-group:/${stack}/x",
        "files/*",
    ]
