import json
from typing import Any

import pytest

from pipeline.preview.grants import Grant
from pipeline.preview.permissions import ATTACHMENT, INLINE, POLICY, ROLE, moves
from stackgraph import Resource
from tests.support.graphs import graph, resource

TRUST = json.dumps({"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "l"}}]})
READ = {"Effect": "Allow", "Action": ["t:Get", "t:Query"], "Resource": "arn:t"}


def role(trust: str = TRUST) -> Resource:
    return resource("api-role", ROLE, id="api-role-1", inputs={"assumeRolePolicy": trust})


def inline(*statements: Any) -> Resource:
    return resource("api-may", INLINE, inputs={"role": "api-role-1", "policy": json.dumps({"Statement": statements})})


def told(before: list[Resource], after: list[Resource]) -> list[tuple[str, str, str, str]]:
    return [(m.sign, m.grant.effect, m.grant.action, m.grant.resource) for m in moves(graph(*before), graph(*after))]


def test_nothing_moves_when_a_document_is_only_written_otherwise() -> None:
    split = [{**READ, "Action": "t:Query"}, {**READ, "Action": "t:Get", "Resource": ["arn:t"]}]
    assert told([role(), inline(READ)], [role(), inline(*split)]) == []


def test_an_action_more_is_gained_and_one_less_is_lost() -> None:
    after = {**READ, "Action": ["t:Get", "t:Delete"]}
    expected = [("gains", "may", "t:Delete", "arn:t"), ("loses", "may", "t:Query", "arn:t")]
    assert told([role(), inline(READ)], [role(), inline(after)]) == expected


def test_a_wider_resource_is_gained() -> None:
    found = told([role(), inline(READ)], [role(), inline({**READ, "Resource": "*"})])
    assert ("gains", "may", "t:Get", "*") in found


def test_a_prohibition_that_goes_is_a_gain() -> None:
    deny = {"Effect": "Deny", "Action": "t:Drop", "Resource": "*"}
    assert told([role(), inline(READ, deny)], [role(), inline(READ)]) == [("gains", "may not", "t:Drop", "*")]
    assert told([role(), inline(READ)], [role(), inline(READ, deny)]) == [("loses", "may not", "t:Drop", "*")]


def test_a_condition_that_goes_is_told_as_another_grant() -> None:
    only = {**READ, "Action": "t:Get", "Condition": {"StringEquals": {"aws:SourceAccount": "1"}}}
    (gained, lost) = moves(graph(role(), inline(only)), graph(role(), inline({**READ, "Action": "t:Get"})))
    assert gained.grant == Grant("api-role", "may", "t:Get", "arn:t")
    assert lost.grant.condition == "stringequals aws:sourceaccount 1"


def test_who_may_take_a_role_on_is_told() -> None:
    anyone = json.dumps({"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": "*"}]})
    found = told([role()], [role(anyone)])
    assert ("gains", "is assumed by", "sts:AssumeRole", "AWS *") in found


def test_an_attached_policy_counts_for_the_role_it_is_attached_to() -> None:
    policy = resource("p", POLICY, id="arn:p", inputs={"policy": json.dumps({"Statement": [READ]})})
    attached = resource("a", ATTACHMENT, inputs={"role": "api-role-1", "policyArn": "arn:p"})
    (first, *_) = moves(graph(role(), policy), graph(role(), policy, attached))
    assert first.grant == Grant("api-role", "may", "t:Get", "arn:t")


def test_a_policy_of_somebody_else_is_named() -> None:
    attached = resource("a", ATTACHMENT, inputs={"role": "api-role-1", "policyArn": "arn:aws:iam::aws:policy/Admin"})
    expected = [("gains", "may", "all that the policy says", "arn:aws:iam::aws:policy/Admin")]
    assert told([role()], [role(), attached]) == expected


@pytest.mark.parametrize("element", ["Action", "Resource"])
def test_all_but_something_is_told_as_such(element: str) -> None:
    without = {key: value for key, value in READ.items() if key != element}
    found = told([role()], [role(), inline({**without, f"Not{element}": "x:Y"})])
    assert any("all but x:Y" in words for words in found[0])


def test_a_document_that_cannot_be_read_is_told_and_not_taken_for_empty() -> None:
    broken = resource("api-may", INLINE, inputs={"role": "api-role-1", "policy": "{"})
    assert told([role()], [role(), broken])[0][2] == "something that cannot be read"
