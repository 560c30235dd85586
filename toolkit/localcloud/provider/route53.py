"""Route 53 records; the hosted zones are not managed here."""

from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, found_or_none
from toolkit.localcloud.provider.fields import from_aws, to_aws
from toolkit.resource_types import route53 as types

ALIAS = {"name": "DNSName", "zoneId": "HostedZoneId", "evaluateTargetHealth": "EvaluateTargetHealth"}


def _bare(name: str) -> str:
    """Return a name in Pulumi's form, without the trailing dot."""
    return name.rstrip(".")


def _change(aws: Aws, action: str, record: Properties) -> None:
    described: dict[str, Any] = {"Name": record["name"], "Type": record["type"]}
    if record.get("aliases"):
        described["AliasTarget"] = to_aws(record, {"aliases": ("Targets", ALIAS)})["Targets"][0]
    else:
        described |= {"TTL": record["ttl"], "ResourceRecords": [{"Value": value} for value in record["records"]]}
    aws.client("route53").change_resource_record_sets(
        HostedZoneId=record["zoneId"], ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": described}]}
    )


def _create(aws: Aws, wanted: Properties) -> str:
    _change(aws, "CREATE", wanted)
    return f"{wanted['zoneId']}_{_bare(wanted['name'])}_{wanted['type']}"


def _read(aws: Aws, resource_id: str, known: Properties) -> dict[str, Any] | None:
    zone, _, rest = resource_id.partition("_")
    name, _, kind = rest.rpartition("_")
    listed = found_or_none(aws.client("route53").list_resource_record_sets, HostedZoneId=zone)
    records = listed["ResourceRecordSets"] if listed else []
    found = next((each for each in records if (_bare(each["Name"]), each["Type"]) == (name, kind)), None)
    if found is None:
        return None
    given = str(known.get("name", name))
    state = {"zoneId": zone, "name": given if _bare(given) == name else name, "fqdn": name, "type": kind}
    if "AliasTarget" in found:
        return {**state, "aliases": [from_aws(found["AliasTarget"], ALIAS)]}
    return {**state, "ttl": found["TTL"], "records": [each["Value"] for each in found["ResourceRecords"]]}


def _delete(aws: Aws, resource_id: str, outputs: Properties) -> None:
    present = _read(aws, resource_id, outputs)
    if present is not None:
        _change(aws, "DELETE", present)


ENTRIES = (
    Entry(
        type=types.RECORD,
        inputs=frozenset({"zoneId", "name", "type", "ttl", "records", "aliases"}),
        required=frozenset({"zoneId", "name", "type"}),
        recreated_by=frozenset({"type"}),  # the id holds it
        create=_create,
        read=_read,
        update=lambda aws, _id, _state, wanted, _changed: _change(aws, "UPSERT", wanted),
        delete=_delete,
    ),
)
