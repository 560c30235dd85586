"""Cases of the rules on event notifications of buckets."""

from typing import Any

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase
from toolkit.resource_types.s3 import BUCKET, BUCKET_NOTIFICATION

UPLOADS = Subject(BUCKET, {"bucket": "uploads"}, "uploads")
CREATED = ["s3:ObjectCreated:*"]


def part(prefix: str, *events: str, **others: str) -> dict[str, Any]:
    return {"filterPrefix": prefix, "events": list(events) or CREATED, **others}


def notifies(*functions: dict[str, Any], name: str = "notifies", **others: Any) -> Subject:
    return Subject(BUCKET_NOTIFICATION, {"bucket": "uploads", "lambdaFunctions": list(functions), **others}, name)


CASES = {
    "s3-notifications-accepted": StackCase(
        good=(UPLOADS, notifies(part("invoices/"), part("photos/"))),
        bad={
            "two for one bucket": (UPLOADS, notifies(part("a/"), name="one"), notifies(part("b/"), name="two")),
            "the same prefix": (UPLOADS, notifies(part("a/"), part("a/"))),
            "a prefix of the other": (UPLOADS, notifies(part("a/"), part("a/b/"))),
            "an event of the other": (UPLOADS, notifies(part("a/"), part("a/", "s3:ObjectCreated:Put"))),
            "a queue for the same": (UPLOADS, notifies(part("a/"), queues=[part("a/")])),
        },
        also_good={
            "other events": (UPLOADS, notifies(part("a/"), part("a/", "s3:ObjectRemoved:*"))),
            "other suffixes": (UPLOADS, notifies(part("", filterSuffix=".jpg"), part("", filterSuffix=".png"))),
            "one for each bucket": (
                UPLOADS,
                Subject(BUCKET, {"bucket": "others"}, "others"),
                notifies(part("a/"), name="one"),
                Subject(BUCKET_NOTIFICATION, {"bucket": "others"}, "two"),
            ),
        },
    ),
}
