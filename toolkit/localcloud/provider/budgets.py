"""AWS budgets and their notifications."""

from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties
from toolkit.resource_types import budgets as types

SUBSCRIBERS = {"subscriberEmailAddresses": "EMAIL", "subscriberSnsTopicArns": "SNS"}


class _Budget(Entry):
    def request(self, wanted: Properties) -> Properties:
        filters = {entry["name"]: list(entry["values"]) for entry in wanted.get("costFilters", ())}
        budget = {name: wanted[name] for name in ("name", "budgetType", "timeUnit")}
        budget["budgetLimit"] = {"amount": str(wanted["limitAmount"]), "unit": wanted["limitUnit"]}
        notifications = [_notification(entry) for entry in wanted.get("notifications", ())]
        return {
            "budget": {**budget, **({"costFilters": filters} if filters else {})},
            "notificationsWithSubscribers": notifications,
            "accountId": wanted["accountId"],
        }

    def create(self, aws: Aws, wanted: Properties) -> str:
        return super().create(aws, {**wanted, "accountId": aws.account_id})

    def computed(self, _aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        filters = found.get("costFilters")
        return {
            "limitAmount": found["budgetLimit"]["amount"],
            "limitUnit": found["budgetLimit"]["unit"],
            "arn": f"arn:aws:budgets::{found['accountId']}:budget/{found['name']}",
            "costFilters": [{"name": name, "values": filters[name]} for name in filters] if filters else None,
        }

    def update(
        self, aws: Aws, resource_id: str, _state: Properties, wanted: Properties, _changed: frozenset[str]
    ) -> None:
        """Create the budget again: moto cannot update one, and the local account has no costs."""
        self.delete(aws, resource_id, wanted)
        self.create(aws, wanted)

    def tag(self, aws: Aws, resource_id: str, state: Properties, tags: Properties, removed: Properties) -> None:
        """Do nothing: budgets have no tags in moto."""


def _notification(entry: Properties) -> dict[str, Any]:
    subscribers = [
        {"subscriptionType": kind, "address": address}
        for name, kind in SUBSCRIBERS.items()
        for address in entry.get(name) or ()
    ]
    notification = {name: value for name, value in entry.items() if name not in SUBSCRIBERS}
    return {"notification": notification, "subscribers": subscribers}


ENTRIES = (
    _Budget(
        type=types.BUDGET,
        service="budgets",
        noun="budget",
        read_call="describe_{noun}",
        result="budget",
        id="{accountId}:{name}",
        names={"BudgetName": "name"},
        inputs=frozenset({"name", "namePrefix", "budgetType", "timeUnit", "limitAmount", "limitUnit", "costFilters"})
        | {"notifications", "tags"},
        required=frozenset({"budgetType", "timeUnit", "limitAmount", "limitUnit"}),
        outputs=frozenset({"accountId"}),
        not_returned=frozenset({"notifications", "tagsAll"}),  # moto returns neither
        tag_calls=("", "", ""),
    ),
)
