"""Examples of the resource types of AWS Budgets."""

from tests.support.examples.parents import Example, Maker, Parents
from toolkit.resource_types import budgets as types


def budget(_parents: Parents) -> Example:
    notification = {
        "comparisonOperator": "GREATER_THAN",
        "notificationType": "ACTUAL",
        "threshold": 80.0,
        "thresholdType": "PERCENTAGE",
        "subscriberEmailAddresses": ["team@example.com"],
    }
    return Example(
        {
            "budgetType": "COST",
            "timeUnit": "MONTHLY",
            "limitAmount": "25",
            "limitUnit": "USD",
            "notifications": [notification],
            "tags": {"a": "b"},
        },
        {"limitAmount": "50", "notifications": [{**notification, "threshold": 100.0}], "tags": {"a": "c"}},
        {"name": "other"},
    )


EXAMPLES: dict[str, Maker] = {
    types.BUDGET: budget,
}
