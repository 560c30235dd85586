"""Stacks whose parts log where they should, and stacks whose parts do not."""

from policies.stack_rules.logs import FUNCTION, LOG_GROUP
from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase

GROUP = Subject(LOG_GROUP, {"name": "/function"}, "group")
LOGS = {"loggingConfig": {"logGroup": "/function"}}

CASES = {
    "lambda-has-log-group": StackCase(
        good=(GROUP, Subject(FUNCTION, LOGS, dependencies={"loggingConfig": ("group",)})),
        bad={
            "of nobody": (GROUP, Subject(FUNCTION, {})),
            "of another stack": (Subject(FUNCTION, LOGS),),
        },
    ),
}
