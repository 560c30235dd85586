"""Roles with the policies that they should have, and with others."""

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase
from toolkit.resource_types.iam import POLICY, ROLE_ATTACHMENT

CEILING = Subject(POLICY, {"tags": {"use": "boundary"}}, "ceiling")
GRANT = Subject(POLICY, {"policy": "{}"}, "grant")


def attached(name: str) -> Subject:
    return Subject(ROLE_ATTACHMENT, {"role": "api"}, "attached", dependencies={"policyArn": (name,)})


CASES = {
    "iam-boundary-grants-nothing": StackCase(
        good=(CEILING, GRANT, attached("grant")), bad={"as a policy": (CEILING, GRANT, attached("ceiling"))}
    ),
}
