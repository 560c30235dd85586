"""Route 53 records; the hosted zones are not managed here."""

from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, found_or_none
from toolkit.resource_types import route53 as types


class _Record(Entry):
    def create(self, aws: Aws, wanted: Properties) -> str:
        self._change(aws, "CREATE", wanted)
        return self.id.format_map({**wanted, "name": _without_final_dot(wanted["name"])})

    def describe(self, aws: Aws, where: Properties) -> dict[str, Any] | None:
        listed = found_or_none(self.call, aws, "list_resource_record_sets", {"zoneId": where["zoneId"]})
        records = listed["resourceRecordSets"] if listed else []
        named = (_without_final_dot(where["name"]), where["type"])
        found = next((each for each in records if (_without_final_dot(each["name"]), each["type"]) == named), None)
        if found is None:
            return None
        state = {"fqdn": named[0]}
        if "aliases" in found:
            return {**state, "aliases": [found["aliases"]]}
        return {**state, "ttl": found["ttl"], "records": [each["value"] for each in found["resourceRecords"]]}

    def computed(self, _aws: Aws, found: Properties, known: Properties) -> dict[str, Any]:
        given = str(known.get("name", ""))
        return {"name": given} if _without_final_dot(given) == found["name"] else {}

    def update(self, aws: Aws, _id: str, _state: Properties, wanted: Properties, _changed: frozenset[str]) -> None:
        self._change(aws, "UPSERT", wanted)

    def delete(self, aws: Aws, resource_id: str, outputs: Properties) -> None:
        present = self.read(aws, resource_id, outputs)
        if present is not None:
            self._change(aws, "DELETE", present)

    def _change(self, aws: Aws, action: str, record: Properties) -> None:
        described = {"name": record["name"], "type": record["type"]}
        if record.get("aliases"):
            described["aliases"] = record["aliases"][0]
        else:
            described |= {"ttl": record["ttl"], "resourceRecords": [{"value": value} for value in record["records"]]}
        changes = [{"action": action, "resourceRecordSet": described}]
        self.call(aws, "change_resource_record_sets", {"zoneId": record["zoneId"], "changeBatch": {"changes": changes}})


def _without_final_dot(name: str) -> str:
    return name.rstrip(".")


ENTRIES = (
    _Record(
        type=types.RECORD,
        service="route53",
        noun="resource_record_sets",
        id="{zoneId}_{name}_{type}",
        names={"HostedZoneId": "zoneId", "AliasTarget": "aliases", "DNSName": "name"},
        inputs=frozenset({"zoneId", "name", "type", "ttl", "records", "aliases"}),
        required=frozenset({"zoneId", "name", "type"}),
        outputs=frozenset({"fqdn"}),
        recreated_by=frozenset({"type"}),  # the id holds it
    ),
)
