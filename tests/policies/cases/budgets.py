"""Budgets that keep each rule, and those that break it."""

from typing import Any

from policies.rules.budgets import BUDGET
from tests.support.rule_cases import ResourceCase

MONTH = {"budgetType": "COST", "timeUnit": "MONTHLY", "limitAmount": "200", "limitUnit": "USD"}


def told(kind: str, threshold: int, *emails: str, unit: str = "PERCENTAGE") -> dict[str, Any]:
    return {
        "notificationType": kind,
        "threshold": threshold,
        "thresholdType": unit,
        "subscriberEmailAddresses": list(emails),
    }


ALL = [told(kind, percent, "a@example.com") for kind, percent in (("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100))]

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
    "budget-notifies": ResourceCase(
        BUDGET,
        good={"notifications": ALL},
        bad={
            "no forecast": {"notifications": ALL[:2]},
            "too late": {"notifications": ALL[1:]},
            "not when all is spent": {"notifications": [ALL[0], ALL[2]]},
            "nobody": {"notifications": [told("ACTUAL", 80), *ALL[1:]]},
            "dollars": {"notifications": [told("ACTUAL", 80, "a@example.com", unit="ABSOLUTE_VALUE"), *ALL[1:]]},
        },
        absent="fail",
        also_good={
            "a topic": {
                "notifications": [{**told("ACTUAL", 80), "subscriberSnsTopicArns": ["arn:aws:sns:a"]}, *ALL[1:]]
            }
        },
    ),
}
