"""An entry of the provider: the inputs of a resource type, and how it is created, read, updated and deleted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from toolkit.localcloud.connection import AwsConnection
from toolkit.resource_types.lookup import resource_type
from toolkit.resource_types.record import REPLACES_ANY_TYPE

Properties = Mapping[str, Any]


@dataclass(frozen=True)
class Aws:
    """The account in which the resources are created."""

    connection: AwsConnection
    account_id: str
    root: Path

    @property
    def region(self) -> str:
        """The region of the account's resources."""
        return self.connection.region

    def client(self, service: str, region: str | None = None) -> Any:
        """Return the boto3 client of a service, in the default region or in another."""
        return self.connection.in_region(region or self.region).client(service)

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource in this account and region."""
        return f"arn:aws:{service}:{self.region}:{self.account_id}:{resource}"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One resource type. Property names are camelCase, as in the engine; inputs that are not listed are rejected."""

    type: str
    inputs: frozenset[str]
    required: frozenset[str] = frozenset()
    recreated_by: frozenset[str] = frozenset()
    """Properties that replace a resource here, although AWS can change them in place."""
    unread: frozenset[str] = frozenset()
    """Properties that AWS or moto does not return: their last inputs are their state."""
    renewed: Callable[[frozenset[str]], frozenset[str]] = lambda _changed: frozenset()
    """Return the outputs that change with these properties; a preview cannot know them."""
    name_property: str | None = None
    """The property that Pulumi fills with the logical name and seven random hex digits where the program does not."""
    make_name: Callable[[str], str] = str
    tags: Callable[[Aws, str, Properties, Mapping[str, str], list[str]], None] | None = None
    """Set these tags and remove these keys; None where the type has no tags."""
    create: Callable[[Aws, Properties], str]
    after_create: Callable[[Aws, str, Properties], object] = lambda _aws, _id, _wanted: None
    """Set what AWS accepts only for an existing resource; after an error the resource is deleted."""
    read: Callable[[Aws, str, Properties], dict[str, Any] | None]
    """Return the present properties, None when the resource does not exist; called with the known properties."""
    update: Callable[[Aws, str, Properties, Properties, frozenset[str]], object] | None = None
    """Update with the present state, the wanted inputs and the changed names; None where every change replaces."""
    delete: Callable[[Aws, str, Properties], None]

    @property
    def replaced_by(self) -> frozenset[str]:
        """The inputs that cannot be changed in place, on AWS or here."""
        return (frozenset(resource_type(self.type).replaced_by) | REPLACES_ANY_TYPE | self.recreated_by) & self.inputs

    def named(self, logical_name: str, inputs: Properties, digits: str) -> dict[str, Any]:
        """Return the inputs with an automatic name that ends in these digits where the program gives none."""
        wanted = dict(inputs)
        if self.name_property is not None and not wanted.get(self.name_property):
            prefix = wanted.pop(f"{self.name_property}Prefix", None) or f"{logical_name}-"
            wanted[self.name_property] = self.make_name(f"{prefix}{digits}")
        return wanted


NOT_FOUND = {
    "404",
    "ApplicationDoesNotExistException",
    "DeploymentGroupDoesNotExistException",
    "NoSuchBucket",
    "NoSuchEntity",
    "NotFound",
    "NotFoundException",
    "ResourceNotFound",
    "ResourceNotFoundException",
    "NoSuchBucketPolicy",
    "NoSuchDistribution",
    "WAFNonexistentItemException",
    "NoSuchCORSConfiguration",
    "NoSuchLifecycleConfiguration",
    "NoSuchPublicAccessBlockConfiguration",
    "OwnershipControlsNotFoundError",
    "ServerSideEncryptionConfigurationNotFoundError",
    "TrailNotFoundException",
}


def found_or_none(call: Callable[..., Any], *values: Any, **arguments: Any) -> Any:
    """Return the result of a call, None where AWS reports that the resource does not exist."""
    try:
        return call(*values, **arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] in NOT_FOUND:
            return None
        raise
