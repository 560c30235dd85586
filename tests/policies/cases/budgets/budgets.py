"""Cases of the rules on budgets."""

from typing import Any

from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.budgets import BUDGET

MONTH = {"budgetType": "COST", "timeUnit": "MONTHLY", "limitAmount": "200", "limitUnit": "USD"}


def notification(kind: str, threshold: int, *emails: str, unit: str = "PERCENTAGE") -> dict[str, Any]:
    return {
        "notificationType": kind,
        "threshold": threshold,
        "thresholdType": unit,
        "subscriberEmailAddresses": list(emails),
    }


ALL = [
    notification(kind, percent, "a@example.com")
    for kind, percent in (("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100))
]


CASES = {
    "budget-monthly-cost": ResourceCase(
        BUDGET,
        good=MONTH,
        bad={
            "hours": {**MONTH, "budgetType": "USAGE"},
            "a year": {**MONTH, "timeUnit": "ANNUALLY"},
            "nothing": {**MONTH, "limitAmount": "0"},
            "no limit": {name: value for name, value in MONTH.items() if name != "limitAmount"},
        },
        absent="fail",
    ),
    "budget-in-force": ResourceCase(
        BUDGET,
        good={"timePeriodStart": "2026-01-01_00:00", "timePeriodEnd": "2087-06-15_00:00"},
        bad={
            "next year": {"timePeriodStart": "2027-01-01_00:00"},
            "over": {"timePeriodEnd": "2026-11-01_00:00"},
            "no date": {"timePeriodStart": "January"},
        },
        absent="pass",
    ),
    "budget-notifies": ResourceCase(
        BUDGET,
        good={"notifications": ALL},
        bad={
            "no forecast": {"notifications": ALL[:2]},
            "too late": {"notifications": [notification("ACTUAL", 1000, "a@example.com"), *ALL[1:]]},
            "not when all is spent": {"notifications": [ALL[0], ALL[2]]},
            "no subscriber": {"notifications": [notification("ACTUAL", 80), *ALL[1:]]},
            "no address": {"notifications": [notification("ACTUAL", 80, "a-team"), *ALL[1:]]},
            "dollars beyond the limit": {
                "limitAmount": "200",
                "notifications": [notification("ACTUAL", 900, "a@example.com", unit="ABSOLUTE_VALUE"), *ALL[1:]],
            },
            "when less is spent": {"notifications": [{**one, "comparisonOperator": "LESS_THAN"} for one in ALL]},
        },
        absent="fail",
        also_good={
            "a topic": {
                "notifications": [{**notification("ACTUAL", 80), "subscriberSnsTopicArns": ["arn:aws:sns:a"]}, *ALL[1:]]
            },
            "dollars": {
                "limitAmount": "200",
                "notifications": [notification("ACTUAL", 160, "a@example.com", unit="ABSOLUTE_VALUE"), *ALL[1:]],
            },
            "more often": {
                "notifications": [
                    notification("ACTUAL", 50, "a@example.com"),
                    notification("ACTUAL", 90, "a@example.com"),
                    *ALL[2:],
                ]
            },
        },
    ),
}
