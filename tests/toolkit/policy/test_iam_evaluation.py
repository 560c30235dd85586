"""Single calls against policy statements."""

from typing import Any

import pytest

from toolkit.policy.iam.documents import statements
from toolkit.policy.iam.evaluation import Call, permits
from toolkit.stacks import Resource
from toolkit.stacks.inputs import Inputs

RESOURCE = Resource("urn", "aws:iam/policy:Policy", "p", True, "", None, {}, {})
ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def permitted(*found: dict[str, Any], action: str = "iam:CreateUser", resource: str = "r", **context: str) -> bool:
    keys = {key.replace("__", ":"): value for key, value in context.items()}
    return permits(
        statements(Inputs(RESOURCE, {"policy": {"Statement": list(found)}}), "policy"), Call(action, resource, keys)
    )


def deny(**element: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": "iam:*", "Resource": "*", **element}


def test_call_without_an_allow_is_not_permitted() -> None:
    assert not permitted()
    assert not permitted({**ALL, "Action": "s3:*"})
    assert not permitted({**ALL, "Resource": "other"})


def test_deny_wins_over_allow_in_any_order() -> None:
    assert permitted(ALL)
    assert not permitted(ALL, deny())
    assert not permitted(deny(), ALL)


def test_deny_with_not_action_or_not_resource_excludes_what_it_names() -> None:
    assert permitted(ALL, {"Effect": "Deny", "NotAction": ["iam:Create*"], "Resource": "*"})
    assert not permitted(ALL, {"Effect": "Deny", "NotAction": ["s3:*"], "Resource": "*"})
    assert permitted(ALL, {"Effect": "Deny", "Action": "*", "NotResource": "r*"})


@pytest.mark.parametrize(
    ("condition", "context", "denied"),
    [
        ({"StringEquals": {"k": "a"}}, {"k": "a"}, True),
        ({"StringEquals": {"k": ["b", "a"]}}, {"k": "a"}, True),
        ({"StringEquals": {"k": "a"}}, {}, False),
        ({"StringEqualsIfExists": {"k": "a"}}, {}, True),
        ({"StringNotEquals": {"k": "a"}}, {}, True),
        ({"StringNotEquals": {"k": ["a", "b"]}}, {"k": "b"}, False),
        ({"StringLike": {"k": "a*"}}, {"k": "ab"}, True),
        ({"StringNotLike": {"k": "*"}}, {"k": "ab"}, False),
        ({"ArnNotEquals": {"k": "arn:a"}}, {"k": "arn:b"}, True),
        ({"StringEqualsIgnoreCase": {"k": "A"}}, {"k": "a"}, True),
        ({"ForAllValues:StringEquals": {"k": "a"}}, {}, True),
        ({"ForAnyValue:StringEquals": {"k": "a"}}, {}, False),
        ({"Null": {"k": "true"}}, {}, True),
        ({"Null": {"k": "true"}}, {"k": "a"}, False),
        ({"Bool": {"k": "false"}}, {"k": "false"}, True),
        ({"Bool": {"k": False}}, {}, False),
        ({"NumericLessThan": {"k": "3"}}, {"k": "2"}, False),
        ({"StringEquals": {"k": "a", "l": "b"}}, {"k": "a"}, False),
    ],
)
def test_deny_applies_where_its_condition_holds(
    condition: dict[str, Any], context: dict[str, str], denied: bool
) -> None:
    assert permitted(ALL, deny(Condition=condition), **context) is not denied


def test_allow_with_an_undecidable_operator_permits() -> None:
    assert permitted({**ALL, "Condition": {"NumericLessThan": {"k": "3"}}})
