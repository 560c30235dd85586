"""The record of one AWS resource type, with every fact that the toolkit, the pack and bootstrap read."""

from dataclasses import dataclass

from toolkit.resource_types.automatic_names import NameForm
from toolkit.resource_types.data_loss.stored_data import StoredData
from toolkit.resource_types.outputs.new_resource import Preview
from toolkit.resource_types.permissions import Permissions
from toolkit.resource_types.taggable import taggable_types

HOLDS_NOTHING = StoredData()
"""For a type whose resources hold no data: each can be created again from the program."""

FREE_REFERENCE = "references resources that are priced elsewhere"
FREE_PERMISSION = "permissions are free of charge"
"""Reasons why a type is free that many types share."""


@dataclass(frozen=True)
class ResourceType:
    """The facts of one type. A fact that is not given is not known."""

    token: str
    """Such as `aws:dynamodb/table:Table`."""
    replaced_by: tuple[str, ...] = ()
    """The inputs that the provider cannot change in place, apart from REPLACES_ANY_TYPE.

    They are the attributes with ForceNew or RequiresReplace, and those of ForceNewIfChange in CustomizeDiff, of
    terraform-provider-aws 6, which pulumi-aws 7 wraps: github.com/hashicorp/terraform-provider-aws, main,
    internal/service/<service>/. Each type with an entry here, with permissions or with a provider in the local cloud
    was read on 2026-11-30, from the newest stored copy. The copy was of version 4 or 5 for budgets, user groups,
    resource servers, IAM roles and their policies, KMS aliases, provisioned concurrency, distributions, response
    headers policies, bucket CORS, ownership and versioning, event source mappings, event targets and queue policies.
    Not read: the `objectLockEnabled` of a bucket; every type with neither, for which empty means unknown.
    """
    name: NameForm | None = None
    """The names that AWS accepts; None where it is not known or where a resource has no name."""
    data: StoredData | None = None
    """The data of its resources, and the changes that lose it; None where it is not known."""
    preview: Preview | None = None
    """Makes the outputs of a resource for a preview; None where it is not known."""
    permissions: Permissions | None = None
    """The actions that manage its resources; None where no role of a pipeline manages them."""
    free: str = ""
    """Why AWS charges nothing for it; otherwise it has a price in toolkit/cost, or its price is unknown."""
    no_rule: str = ""
    """Why it needs no policy rule."""

    @property
    def taggable(self) -> bool:
        """Return whether its resources take tags."""
        return self.token in taggable_types()


REPLACES_ANY_TYPE = frozenset({"region"})
"""The inputs that replace a resource of any type.

Each regional resource of terraform-provider-aws 6 is replaced when its `region` changes: forceNewIfRegionChanges in
internal/provider/sdkv2/region.go, and the same in internal/provider/framework/region.go (read 2026-11-30).
"""
