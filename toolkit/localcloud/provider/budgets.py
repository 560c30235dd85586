"""AWS budgets and their notifications."""

from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, found_or_none
from toolkit.localcloud.provider.fields import from_aws, to_aws
from toolkit.resource_types import budgets as types

NAMED = {"name": "BudgetName", "budgetType": "BudgetType", "timeUnit": "TimeUnit"}
NOTIFICATION = {
    "notificationType": "NotificationType",
    "comparisonOperator": "ComparisonOperator",
    "threshold": "Threshold",
    "thresholdType": "ThresholdType",
}
SUBSCRIBERS = {"subscriberEmailAddresses": "EMAIL", "subscriberSnsTopicArns": "SNS"}


def _create(aws: Aws, wanted: Properties) -> str:
    budget = {
        **to_aws(wanted, NAMED),
        "BudgetLimit": {"Amount": str(wanted["limitAmount"]), "Unit": wanted["limitUnit"]},
    }
    if wanted.get("costFilters"):
        budget["CostFilters"] = {entry["name"]: list(entry["values"]) for entry in wanted["costFilters"]}
    notifications = [
        {"Notification": to_aws(entry, NOTIFICATION), "Subscribers": _subscribers(entry)}
        for entry in wanted.get("notifications", ())
    ]
    aws.client("budgets").create_budget(
        AccountId=aws.account_id, Budget=budget, NotificationsWithSubscribers=notifications
    )
    return f"{aws.account_id}:{wanted['name']}"


def _subscribers(entry: Properties) -> list[dict[str, str]]:
    return [
        {"SubscriptionType": kind, "Address": address}
        for wire, kind in SUBSCRIBERS.items()
        for address in entry.get(wire) or ()
    ]


def _read(aws: Aws, resource_id: str, _known: Properties) -> dict[str, Any] | None:
    account, _, name = resource_id.partition(":")
    response = found_or_none(aws.client("budgets").describe_budget, AccountId=account, BudgetName=name)
    if response is None:
        return None
    budget = response["Budget"]
    state = {
        **from_aws(budget, NAMED),
        "limitAmount": budget["BudgetLimit"]["Amount"],
        "limitUnit": budget["BudgetLimit"]["Unit"],
        "accountId": account,
        "arn": f"arn:aws:budgets::{account}:budget/{name}",
    }
    if budget.get("CostFilters"):
        state["costFilters"] = [{"name": key, "values": values} for key, values in budget["CostFilters"].items()]
    return state


def _update(aws: Aws, resource_id: str, _state: Properties, wanted: Properties, _changed: frozenset[str]) -> None:
    """Create the budget again: moto cannot update one, and the local account has no costs."""
    _delete(aws, resource_id, wanted)
    _create(aws, wanted)


def _delete(aws: Aws, resource_id: str, _outputs: Properties) -> None:
    account, _, name = resource_id.partition(":")
    aws.client("budgets").delete_budget(AccountId=account, BudgetName=name)


def _tags(_aws: Aws, _resource_id: str, _state: Properties, _tags: Any, _gone: list[str]) -> None:
    """Change nothing: budgets have no tags in moto."""


ENTRIES = (
    Entry(
        type=types.BUDGET,
        inputs=frozenset(NAMED) | {"limitAmount", "limitUnit", "costFilters", "notifications", "namePrefix", "tags"},
        required=frozenset({"budgetType", "timeUnit", "limitAmount", "limitUnit"}),
        unread=frozenset({"notifications", "tagsAll"}),  # moto returns neither
        name_property="name",
        tags=_tags,
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
    ),
)
