"""Distributions whose callers can be looked up, and one whose callers can not."""

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase
from toolkit.resource_types.cloudfront import DISTRIBUTION
from toolkit.resource_types.cloudwatch import LOG_DELIVERY_SOURCE

EDGE = Subject(DISTRIBUTION, {}, "edge")

CASES = {
    "cloudfront-logs": StackCase(
        good=(EDGE, Subject(LOG_DELIVERY_SOURCE, {}, "source", dependencies={"resourceArn": ("edge",)})),
        bad={"none": (EDGE,), "another's": (EDGE, Subject(LOG_DELIVERY_SOURCE, {}, "source"))},
        also_good={"to a bucket": (Subject(DISTRIBUTION, {"loggingConfig": {"bucket": "logs"}}, "edge"),)},
    ),
}
