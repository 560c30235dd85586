"""CloudWatch's deliveries of another service's logs: what writes them, where they go, and the line between."""

from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, unless_gone
from toolkit.localcloud.provider.fields import Fields, from_aws, to_aws

SOURCE = {"name": "name", "resourceArn": "resourceArn", "logType": "logType"}
TARGET = ("deliveryDestinationConfiguration", {"destinationResourceArn": "destinationResourceArn"})
DESTINATION: Fields = {
    "name": "name",
    "outputFormat": "outputFormat",
    "deliveryDestinationConfiguration": TARGET,
    "deliveryDestinationType": "deliveryDestinationType",
}
DELIVERY = {
    "deliverySourceName": "deliverySourceName",
    "deliveryDestinationArn": "deliveryDestinationArn",
    "recordFields": "recordFields",
    "fieldDelimiter": "fieldDelimiter",
}


def _client(aws: Aws, known: Properties) -> Any:
    return aws.client("logs", known.get("region"))


def _tagging(wanted: Properties) -> dict[str, Any]:
    return {"tags": dict(wanted["tagsAll"])} if wanted["tagsAll"] else {}  # AWS refuses an empty map


def _tags(aws: Aws, _id: str, state: Properties, tags: Mapping[str, str], gone: list[str]) -> None:
    logs = _client(aws, state)
    if tags:
        logs.tag_resource(resourceArn=state["arn"], tags=dict(tags))
    if gone:
        logs.untag_resource(resourceArn=state["arn"], tagKeys=gone)


def _nothing(_aws: Aws, _id: str, _state: Properties, _wanted: Properties, _changed: frozenset[str]) -> None:
    """Only tags change in place, and those are told apart."""


def _entry(kind: str, aws_kind: str, fields: Fields, *, put: str, required: set[str]) -> Entry:
    """The entry of one of the three: they differ in their names and their properties."""
    key = aws_kind[0].lower() + aws_kind[1:]
    snake = {"DeliverySource": "delivery_source", "DeliveryDestination": "delivery_destination"}.get(
        aws_kind, "delivery"
    )
    named = "name" if "name" in fields else "id"

    def create(aws: Aws, wanted: Properties) -> str:
        make = getattr(_client(aws, wanted), f"{put}_{snake}")
        made = make(**to_aws(wanted, {name: fields[name] for name in fields}), **_tagging(wanted))[key]
        return str(made[named])

    def read(aws: Aws, resource_id: str, known: Properties) -> dict[str, Any] | None:
        logs = _client(aws, known)
        answer = unless_gone(getattr(logs, f"get_{snake}"), **{named: resource_id})
        if answer is None:
            return None
        found = answer[key]
        resource = {"resourceArn": found["resourceArns"][0]} if "resourceArns" in found else {}
        tags = logs.list_tags_for_resource(resourceArn=found["arn"])["tags"]
        region = found["arn"].split(":")[3]
        return {**from_aws(found, fields), **resource, "arn": found["arn"], "region": region, "tagsAll": tags}

    def delete(aws: Aws, resource_id: str, outputs: Properties) -> None:
        getattr(_client(aws, outputs), f"delete_{snake}")(**{named: resource_id})

    return Entry(
        type=f"aws:cloudwatch/log{kind}:Log{kind}",
        inputs=frozenset(fields) | {"region", "tags"},
        required=frozenset(required),
        replaced_by=frozenset(fields) | {"region"},
        tags=_tags,
        create=create,
        read=read,
        update=_nothing,
        delete=delete,
    )


ENTRIES = (
    _entry("DeliverySource", "DeliverySource", SOURCE, put="put", required=set(SOURCE)),
    _entry("DeliveryDestination", "DeliveryDestination", DESTINATION, put="put", required={"name"}),
    _entry(
        "Delivery",
        "Delivery",
        DELIVERY,
        put="create",
        required={"deliverySourceName", "deliveryDestinationArn"},
    ),
)
