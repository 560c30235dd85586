"""Resource types of Amazon Route 53."""

from toolkit.resource_types.data_loss.stored_data import StoredData
from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs
from toolkit.resource_types.permissions import Permissions
from toolkit.resource_types.record import FREE_REFERENCE, HOLDS_NOTHING, ResourceType

RECORD = "aws:route53/record:Record"
ZONE = "aws:route53/zone:Zone"


def _record(new: NewResource) -> PreviewOutputs:
    name = str(new.inputs["name"]).rstrip(".")
    return PreviewOutputs(f"{new.inputs['zoneId']}_{name}_{new.inputs['type']}", {"name": name, "fqdn": name})


TYPES = (
    ResourceType("aws:route53/delegationSet:DelegationSet", free=FREE_REFERENCE),
    ResourceType(
        RECORD,
        # Another `type` is a deletion and a creation in one change: route53/record.go (read 2026-11-30).
        replaced_by=("name", "zoneId"),
        data=HOLDS_NOTHING,
        preview=_record,
        permissions=Permissions(
            on=("arn:aws:route53:::hostedzone/*", "arn:aws:route53:::change/*"),
            create="ChangeResourceRecordSets",
            update="ChangeResourceRecordSets",
            delete="ChangeResourceRecordSets",
            read="ListResourceRecordSets GetHostedZone GetChange",
        ),
        free="records are part of the hosted zone; queries for aliases of AWS resources are free",
        no_rule="is evaluated with the resource that it points to",
    ),
    ResourceType(ZONE, data=StoredData("every record of the zone, and its name servers")),
)
