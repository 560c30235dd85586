"""Distributions whose callers can be looked up, and one whose callers can not."""

from policies.rules.cloudfront import DISTRIBUTION
from policies.stack_rules.distribution_logs import LOG_SOURCE
from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase

EDGE = Subject(DISTRIBUTION, {}, "edge")

CASES = {
    "cloudfront-logs": StackCase(
        good=(EDGE, Subject(LOG_SOURCE, {}, "source", dependencies={"resourceArn": ("edge",)})),
        bad={"none": (EDGE,), "another's": (EDGE, Subject(LOG_SOURCE, {}, "source"))},
        also_good={"to a bucket": (Subject(DISTRIBUTION, {"loggingConfig": {"bucket": "logs"}}, "edge"),)},
    ),
}
