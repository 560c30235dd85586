"""An entry of the provider: the facts of a resource type, and its boto3 calls, which botocore's models describe."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from botocore.exceptions import ClientError

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.provider.errors import ProviderError
from toolkit.localcloud.provider.shapes import Names, as_shape, from_aws, pulumi_name, to_aws
from toolkit.resource_types.automatic_names import NameForm, NamePattern
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
    """One resource type. Property names are camelCase, as in the engine; inputs that are not listed are rejected.

    A subclass overrides what is more than one call of AWS or is not in AWS's form.
    """

    type: str
    service: str
    """The name of the boto3 client."""
    noun: str
    """The noun of the operations, such as `role` of create_role, get_role, update_role and delete_role."""
    create_call: str = "create_{noun}"
    read_call: str = "get_{noun}"
    update_call: str | None = "update_{noun}"
    """None where every change but one of the tags replaces the resource."""
    delete_call: str = "delete_{noun}"
    result: str = ""
    """The property of the read response that holds the resource; empty where the response is the resource."""
    id: str = "{name}"
    """The id, made of the inputs and of the response to the creation."""
    imported_id: str = ""
    """Another form of the id, which `pulumi import` takes."""
    names: Names = field(default_factory=dict)
    """By AWS's name, Pulumi's name of a property where the case is not the only difference."""
    inputs: frozenset[str]
    required: frozenset[str] = frozenset()
    outputs: frozenset[str] = frozenset()
    """The properties of the read response that are no inputs."""
    empty_is_unset: bool = False
    """Whether moto returns "" for properties that are not set."""
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """What AWS receives for inputs that the program does not give."""
    update_defaults: Mapping[str, Any] = field(default_factory=dict)
    """What an update sends for inputs that the program no longer gives."""
    recreated_by: frozenset[str] = frozenset()
    """Properties that replace a resource here, although AWS can change them in place."""
    not_returned: frozenset[str] = frozenset()
    """Properties that AWS or moto does not return: their last inputs are their state."""
    changed_outputs: Callable[[frozenset[str]], frozenset[str]] = lambda _changed: frozenset()
    """Return the outputs that change with these properties; a preview cannot know them."""
    tag_calls: tuple[str, str, str] = ("tag_resource", "untag_resource", "list_tags_for_resource")
    """The calls that add, remove and list tags; the last is empty where the read response has the tags."""

    @property
    def tagged(self) -> bool:
        """Return whether a resource takes tags."""
        return "tags" in self.inputs

    @property
    def name_property(self) -> str | None:
        """The property that Pulumi fills with an automatic name where the program does not."""
        return self._name_form.property if self._name_form else None

    @property
    def _name_form(self) -> NameForm | None:
        form = resource_type(self.type).name
        return form if form and form.property not in self.required else None

    @property
    def replaced_by(self) -> frozenset[str]:
        """The inputs that cannot be changed in place, on AWS or here."""
        return (frozenset(resource_type(self.type).replaced_by) | REPLACES_ANY_TYPE | self.recreated_by) & self.inputs

    def named(self, logical_name: str, inputs: Properties, pattern: NamePattern, source: Random) -> dict[str, Any]:
        """Return the inputs with an automatic name where the program gives none. Raises ProviderError."""
        wanted = dict(inputs)
        form = self._name_form
        if form and not wanted.get(form.property):
            prefix = wanted.pop(f"{form.property}Prefix", None)
            try:
                automatic = form.prefixed(prefix, source) if prefix else form.automatic(logical_name, pattern, source)
            except ValueError as error:
                raise ProviderError(str(error)) from None
            wanted[form.property] = automatic
        return wanted

    def create(self, aws: Aws, wanted: Properties) -> str:
        """Create a resource and return its id."""
        response = self.call(aws, self.create_call, self.request(wanted))
        resource = {name: value for part in response.values() if isinstance(part, dict) for name, value in part.items()}
        return self.id.format_map({**resource, **wanted, **response})

    def after_create(self, aws: Aws, resource_id: str, wanted: Properties) -> None:
        """Set what AWS accepts only for an existing resource; after an error the resource is deleted."""

    def read(self, aws: Aws, resource_id: str, known: Properties) -> dict[str, Any] | None:
        """Return the present properties, None when the resource does not exist; called with the known properties."""
        where = self.where(resource_id, known)
        response = self.describe(aws, where)
        if response is None:
            return None
        resource = {**response, **response.get(self.result, {})}
        if self.empty_is_unset:
            resource = {name: value for name, value in resource.items() if value != ""}
        found = {**where, **resource}
        names = (resource.keys() | set(_pattern(self.id).groupindex)) & (self.inputs | self.outputs)
        state = {name: found[name] for name in names}
        if "region" in self.inputs - self.not_returned:
            state["region"] = self.client(aws, where).meta.region_name
        computed = self.computed(aws, found, known)
        if computed is None:
            return None
        state |= computed
        if self.tagged and "tagsAll" not in self.not_returned:
            listed = self.listed_tags(aws, resource_id, {**where, **state}) if self.tag_calls[2] else None
            state["tagsAll"] = found.get("tagsAll", {}) if listed is None else listed
        return {name: value for name, value in state.items() if value is not None}

    def describe(self, aws: Aws, where: Properties) -> dict[str, Any] | None:
        """Return the read response with the properties that identify the resource, None when it does not exist."""
        response = found_or_none(self.call_by_id, aws, self.read_call, where)
        identity = {name: where[name] for name in self.identifying(aws, self.read_call, where)}
        return None if response is None else {**identity, **response}

    def computed(self, _aws: Aws, _found: Properties, _known: Properties) -> dict[str, Any] | None:
        """Return what AWS returns by other calls or in another form; None while the resource is being deleted.

        `found` has the whole response and the properties that identify the resource. A property that is None is absent.
        """
        return {}

    def update(
        self, aws: Aws, resource_id: str, state: Properties, wanted: Properties, _changed: frozenset[str]
    ) -> None:
        """Update with the present state, the wanted inputs and the changed names."""
        outputs = {name: state[name] for name in self.outputs & state.keys()}
        settings = {**outputs, **self.update_defaults, **self.where(resource_id, wanted)}
        self.call(aws, self.update_call or "", self.request(settings))

    def delete(self, aws: Aws, resource_id: str, outputs: Properties) -> None:
        """Delete a resource."""
        self.call_by_id(aws, self.delete_call, self.where(resource_id, outputs))

    def tag(self, aws: Aws, resource_id: str, state: Properties, tags: Properties, removed: Properties) -> None:
        """Set these tags and remove those."""
        for operation, values in zip(self.tag_calls, (tags, removed), strict=False):
            if values:
                members = self.operation(aws, operation, state).input_shape.members
                member = next(name for name in members if "tag" in name.lower())
                target = self.tag_target(aws, operation, resource_id, state)
                self.call(aws, operation, state, **target, **{member: as_shape(values, members[member])})

    def request(self, wanted: Properties) -> Properties:
        """Return what a creation or an update sends: AWS's operation takes the properties that it knows."""
        return {**self.defaults, **wanted}

    def where(self, resource_id: str, known: Properties) -> dict[str, Any]:
        """Return the known properties with those that the id holds. Raises ProviderError for an id of another form."""
        matches = (_pattern(form).fullmatch(resource_id) for form in (self.imported_id, self.id) if form)
        found = next((match for match in matches if match), None)
        if found is None:
            raise ProviderError(f"the id {resource_id} is not of the form {self.imported_id or self.id}")
        return {**known, **found.groupdict()}

    def client(self, aws: Aws, properties: Properties) -> Any:
        """Return the boto3 client of the region of a resource."""
        arn_region = str(properties.get("arn", "")).split(":")[3:4]
        return aws.client(self.service, properties.get("region") or "".join(arn_region))

    def operation(self, aws: Aws, name: str, properties: Properties) -> Any:
        """Return botocore's model of an operation."""
        meta = self.client(aws, properties).meta
        method = name.format(noun=self.noun)
        return meta.service_model.operation_model(meta.method_to_api_mapping[method])

    def call(self, aws: Aws, operation: str, properties: Properties, **arguments: Any) -> dict[str, Any]:
        """Call an operation with its part of the properties and with arguments in AWS's form.

        Return the response in Pulumi's form.
        """
        model = self.operation(aws, operation, properties)
        request = {**to_aws(properties, model.input_shape, self.names), **arguments}
        response = getattr(self.client(aws, properties), operation.format(noun=self.noun))(**request)
        return from_aws(response, model.output_shape, self.names) if model.output_shape else {}

    def call_by_id(self, aws: Aws, operation: str, properties: Properties) -> dict[str, Any]:
        """Call an operation with the properties that identify a resource, and return the response in Pulumi's form."""
        names = self.identifying(aws, operation, properties)
        return self.call(aws, operation, {name: properties[name] for name in names | {"region"} & properties.keys()})

    def identifying(self, aws: Aws, operation: str, properties: Properties) -> set[str]:
        """Return the names of the properties that an operation requires or that are parts of the id."""
        required = self.operation(aws, operation, properties).input_shape.required_members
        return {pulumi_name(member, self.names) for member in required} | set(_pattern(self.id).groupindex)

    def tag_target(self, aws: Aws, operation: str, resource_id: str, state: Properties) -> dict[str, Any]:
        """Return the argument of a tag operation that names the resource: its ARN, or its name in IAM."""
        required = self.operation(aws, operation, state).input_shape.required_members
        member = next(name for name in required if "tag" not in name.lower())
        return {member: resource_id if member.endswith("Name") else state["arn"]}

    def listed_tags(self, aws: Aws, resource_id: str, state: Properties) -> dict[str, str]:
        """Return the tags of a resource."""
        target = self.tag_target(aws, self.tag_calls[2], resource_id, state)
        response = self.call(aws, self.tag_calls[2], {**state, "tagsAll": None}, **target)
        return dict(response.get("tagsAll") or response.get("tagInfoForResource", {}).get("tagsAll", {}))


def _pattern(form: str) -> re.Pattern[str]:
    """Return the pattern of an id, of which only the last part may hold a separator."""
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(form)))


NOT_FOUND = {
    "404",
    "AWS.SimpleQueueService.NonExistentQueue",
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
    "ParameterNotFound",
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
