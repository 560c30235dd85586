"""Functions of the AWS provider with results that follow from region, account and arguments."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from toolkit.resource_types.outputs.place import Place, region_names
from toolkit.resource_types.outputs.policy_document import policy_document

Args = Mapping[str, Any]
Function = Callable[[Place, Args, Args], Mapping[str, Any] | None]
_ARN_PARTS = 6
# The zones of a new account, where they are not a, b and c; two of us-west-1 and three of ap-northeast-1. Accounts from
# before November 2025 may map them in another way, as
# https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html says (read 2026-11-30).
_ZONES = {
    "ap-northeast-1": "acd",
    "ap-northeast-2": "abcd",
    "ca-central-1": "abd",
    "us-east-1": "abcdef",
    "us-west-1": "ac",
    "us-west-2": "abcd",
}
_DIRECTIONS = {
    "central": "c",
    "east": "e",
    "north": "n",
    "northeast": "ne",
    "northwest": "nw",
    "south": "s",
    "southeast": "se",
    "southwest": "sw",
    "west": "w",
}


def _region(place: Place, args: Args, _provider: Args) -> Mapping[str, Any] | None:
    region = str(args.get("region") or args.get("name") or place.region)
    if endpoint := args.get("endpoint"):
        region = str(endpoint).split(".")[1]
    names = region_names()
    if region not in names:
        raise LookupError(f"AWS has no region {region!r}")
    endpoint = f"ec2.{region}.{Place(region, place.account).dns_suffix}"
    return {"id": region, "name": region, "region": region, "description": names[region], "endpoint": endpoint}


def _caller_identity(place: Place, _args: Args, _provider: Args) -> Mapping[str, Any]:
    role = place.role.rpartition("/")[2] or "deployment"
    arn = f"arn:{place.partition}:sts::{place.account}:assumed-role/{role}/evaluation"
    return {"id": place.account, "accountId": place.account, "arn": arn, "userId": "AROAEVALUATION000000:evaluation"}


def _partition(place: Place, _args: Args, _provider: Args) -> Mapping[str, Any]:
    return {
        "id": place.partition,
        "partition": place.partition,
        "dnsSuffix": place.dns_suffix,
        "reverseDnsPrefix": ".".join(reversed(place.dns_suffix.split("."))),
    }


def _availability_zones(place: Place, args: Args, _provider: Args) -> Mapping[str, Any] | None:
    if args.get("filters") or args.get("allAvailabilityZones") or args.get("state", "available") != "available":
        return None  # only AWS knows local zones and zones with an impairment
    region = str(args.get("region") or place.region)
    prefix = _zone_id_prefix(region)
    zones = [
        (f"{region}{letter}", f"{prefix}-az{number}")
        for number, letter in enumerate(_ZONES.get(region, "abc"), start=1)
        if f"{region}{letter}" not in args.get("excludeNames", ())
    ]
    zones = [zone for zone in zones if zone[1] not in args.get("excludeZoneIds", ())]
    names, ids = [name for name, _ in zones], [identity for _, identity in zones]
    return {**args, "id": region, "region": region, "groupNames": [region], "names": names, "zoneIds": ids}


def _zone_id_prefix(region: str) -> str:
    """Return the prefix of zone ids: `euc1` for eu-central-1."""
    *area, direction, number = region.split("-")
    return f"{area[0]}{''.join(part[0] for part in area[1:])}{_DIRECTIONS.get(direction, direction[0])}{number}"


def _default_tags(_place: Place, _args: Args, provider: Args) -> Mapping[str, Any]:
    given = provider.get("defaultTags") or {}
    tags = (json.loads(given) if isinstance(given, str) else given).get("tags") or {}
    return {"id": "default-tags", "tags": tags}


def _service_principal(place: Place, args: Args, _provider: Args) -> Mapping[str, Any]:
    region, service = str(args.get("region") or place.region), str(args["serviceName"])
    name = f"{service}.amazonaws.com"  # services with another name in China are not modelled
    identity = f"{service}.{region}.amazonaws.com"
    return {"id": identity, "name": name, "region": region, "serviceName": service, "suffix": "amazonaws.com"}


def _arn(_place: Place, args: Args, _provider: Args) -> Mapping[str, Any]:
    arn = str(args["arn"])
    parts = arn.split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS or parts[0] != "arn":
        raise LookupError(f"{arn!r} is not an ARN")
    _, partition, service, region, account, resource = parts
    found = {"partition": partition, "service": service, "region": region, "account": account, "resource": resource}
    return {"id": arn, "arn": arn, **found}


def _policy_document(_place: Place, args: Args, _provider: Args) -> Mapping[str, Any]:
    return policy_document(args)


BY_FUNCTION: Mapping[str, Function] = {
    "aws:index/getArn:getArn": _arn,
    "aws:index/getAvailabilityZones:getAvailabilityZones": _availability_zones,
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getDefaultTags:getDefaultTags": _default_tags,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getRegion:getRegion": _region,
    "aws:index/getServicePrincipal:getServicePrincipal": _service_principal,
    "aws:iam/getPolicyDocument:getPolicyDocument": _policy_document,
}
