"""Resource types of AWS Budgets."""

from toolkit.resource_types.automatic_names import NameForm
from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs
from toolkit.resource_types.permissions import Permissions
from toolkit.resource_types.record import HOLDS_NOTHING, ResourceType

BUDGET = "aws:budgets/budget:Budget"
BUDGET_ACTION = "aws:budgets/budgetAction:BudgetAction"


def _budget(new: NewResource) -> PreviewOutputs:
    name = new.named()
    return PreviewOutputs(
        f"{new.account}:{name}", {"name": name, "arn": new.arn("budgets", f"budget/{name}", region=False)}
    )


TYPES = (
    ResourceType(
        BUDGET,
        name=NameForm(100, pattern=r"[^:\\]+", accepted="everything but : and \\"),
        replaced_by=("accountId", "name", "namePrefix"),
        data=HOLDS_NOTHING,
        preview=_budget,
        permissions=Permissions(
            on=("arn:aws:budgets::{account}:budget/{name}",),
            create="ModifyBudget TagResource",
            update="ModifyBudget UntagResource",
            delete="ModifyBudget",
            read="ViewBudget ListTagsForResource",
            # A budget tracks the costs of a billing view, by default the account's primary view.
            also=Permissions(on=("arn:aws:billing::{account}:billingview/*",), read="GetBillingViewData"),
        ),
        free="a budget with notifications is free; budget actions are priced",
    ),
)
