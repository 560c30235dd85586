"""What an entry of the provider declares: its inputs, and how one resource type is created, read, updated, deleted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from toolkit.localcloud.connection import AwsConnection

Properties = Mapping[str, Any]


@dataclass(frozen=True)
class Aws:
    """The account in which entries work."""

    connection: AwsConnection
    account_id: str
    root: Path

    @property
    def region(self) -> str:
        """The region of the account's resources."""
        return self.connection.region

    def client(self, service: str, region: str | None = None) -> Any:
        """The boto3 client of a service, in the account's own region or in another."""
        return self.connection.in_region(region or self.region).client(service)

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource in this account and region."""
        return f"arn:aws:{service}:{self.region}:{self.account_id}:{resource}"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One resource type. Names are those of the wire (camelCase); every input that is not declared is refused."""

    type: str
    inputs: frozenset[str]
    required: frozenset[str] = frozenset()
    replaced_by: frozenset[str] = frozenset()
    """Properties that AWS cannot change in place."""
    unread: frozenset[str] = frozenset()
    """Properties that AWS, or moto in its place, takes but never answers: they are what was told last."""
    renewed: Callable[[frozenset[str]], frozenset[str]] = lambda _changed: frozenset()
    """The outputs that become others when these properties change; a preview cannot know them."""
    name_property: str | None = None
    """The property that Pulumi fills with the logical name and seven random hex digits where the program does not."""
    make_name: Callable[[str], str] = str
    tags: Callable[[Aws, str, Properties, Mapping[str, str], list[str]], None] | None = None
    """Set these tags and remove those keys; None where the type has no tags."""
    create: Callable[[Aws, Properties], str]
    settle: Callable[[Aws, str, Properties], object] = lambda _aws, _id, _wanted: None
    """Set what AWS takes only once the resource stands; where it refuses, the resource is deleted again."""
    read: Callable[[Aws, str, Properties], dict[str, Any] | None]
    """The properties as AWS has them, None when the resource is gone; given what is known of it (parents' ids)."""
    update: Callable[[Aws, str, Properties, Properties, frozenset[str]], object] | None = None
    """Given the present state, the wanted inputs and the names that changed; None: every change replaces."""
    delete: Callable[[Aws, str, Properties], None]

    def named(self, logical_name: str, inputs: Properties, digits: str) -> dict[str, Any]:
        """The inputs with a name that ends in these digits where the program gives none."""
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


def unless_gone(call: Callable[..., Any], *values: Any, **arguments: Any) -> Any:
    """The answer of a call, None where AWS says that there is no such thing."""
    try:
        return call(*values, **arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] in NOT_FOUND:
            return None
        raise
