"""Cases of the rules on Route 53 records."""

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase
from toolkit.resource_types.cloudfront import DISTRIBUTION
from toolkit.resource_types.route53 import RECORD

FRONT = Subject(DISTRIBUTION, {"enabled": True}, "front")
ALIAS = {"type": "A", "aliases": [{"name": "d1234.cloudfront.net", "zoneId": "Z2FDTNDATAQYW2"}]}


def record(property_: str, source: str, type_: str) -> Subject:
    return Subject(RECORD, {"type": type_}, "record", dependencies={property_: (source,)})


CASES = {
    "record-leads-here": StackCase(
        good=(FRONT, record("aliases", "front", "A")),
        also_good={
            "by its address": (FRONT, record("records", "front", "CNAME")),
            "a word, not a way": (Subject(RECORD, {"type": "TXT", "records": ["v=spf1 -all"]}, "record"),),
        },
        bad={
            "written down": (FRONT, Subject(RECORD, ALIAS, "record")),
            "of another stack": (FRONT, record("aliases", "elsewhere", "AAAA")),
        },
    ),
}
