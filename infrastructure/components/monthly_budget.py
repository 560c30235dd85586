"""The monthly cost budget."""

from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.settings.groups import BudgetSettings

_NOTIFICATIONS = (("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100))


@dataclass(frozen=True, kw_only=True)
class MonthlyBudgetArgs:
    """The limit and the topic for notifications."""

    settings: BudgetSettings
    topic_arn: pulumi.Input[str]


@final
class MonthlyBudget(pulumi.ComponentResource):
    """A cost budget of the account, with notifications at 80 % and 100 %, and at a forecast of 100 %.

    It counts the account instead of a tag: a cost allocation tag counts nothing until it is activated.

    Creates: aws.budgets.Budget.
    """

    def __init__(self, name: str, args: MonthlyBudgetArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:operations:MonthlyBudget", name, None, opts)
        aws.budgets.Budget(
            f"{name}-budget",
            budget_type="COST",
            time_unit="MONTHLY",
            limit_amount=str(args.settings.monthly_usd),
            limit_unit="USD",
            notifications=[
                {
                    "notification_type": kind,
                    "comparison_operator": "GREATER_THAN",
                    "threshold": percent,
                    "threshold_type": "PERCENTAGE",
                    "subscriber_email_addresses": [args.settings.email],
                    "subscriber_sns_topic_arns": [args.topic_arn],
                }
                for kind, percent in _NOTIFICATIONS
            ],
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
