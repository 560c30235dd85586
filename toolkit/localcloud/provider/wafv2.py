"""WAF web ACLs and their logging configurations."""

from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, found_or_none
from toolkit.localcloud.provider.fields import tag_list, tag_map
from toolkit.resource_types import wafv2 as types

UNLIKE = {"cloudwatchMetricsEnabled": "CloudWatchMetricsEnabled"}
BACK = {theirs: ours for ours, theirs in UNLIKE.items()}
LOGGING = ("resourceArn", "logDestinationConfigs", "redactedFields", "loggingFilter")
WEB_ACL = ("name", "scope", "description", "defaultAction", "rules", "visibilityConfig")


def _to_waf(value: Any) -> Any:
    """Return WAF's form of a property: at each depth its names begin with a capital letter."""
    if isinstance(value, Mapping):
        named = {UNLIKE.get(name, name[0].upper() + name[1:]): inner for name, inner in value.items()}
        return {name: _to_waf(inner) for name, inner in named.items() if inner is not None}
    return [_to_waf(each) for each in value] if isinstance(value, list | tuple) else value


def _from_waf(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {BACK.get(name, name[0].lower() + name[1:]): _from_waf(inner) for name, inner in value.items()}
    return [_from_waf(each) for each in value] if isinstance(value, list) else value


def _arguments(wanted: Properties) -> dict[str, Any]:
    arguments: dict[str, Any] = _to_waf({name: wanted[name] for name in WEB_ACL if name in wanted})
    return {"Rules": [], **arguments}


def _create(aws: Aws, wanted: Properties) -> str:
    tags = {"Tags": tag_list(wanted["tagsAll"])} if wanted["tagsAll"] else {}
    response = aws.client("wafv2", wanted.get("region")).create_web_acl(**_arguments(wanted), **tags)
    return str(response["Summary"]["Id"])


def _where(waf: Any, acl_id: str, scope: str) -> dict[str, str] | None:
    """Return the arguments that name a web ACL; its name is looked up by its id."""
    listed = waf.list_web_acls(Scope=scope)["WebACLs"]
    return next(({"Id": acl_id, "Name": each["Name"], "Scope": scope} for each in listed if each["Id"] == acl_id), None)


def _read(aws: Aws, acl_id: str, known: Properties) -> dict[str, Any] | None:
    waf = aws.client("wafv2", known.get("region"))
    where = _where(waf, acl_id, known["scope"])
    if where is None:
        return None
    response = waf.get_web_acl(**where)
    found = response["WebACL"]
    tags = waf.list_tags_for_resource(ResourceARN=found["ARN"])["TagInfoForResource"]["TagList"]
    shaped = _from_waf({name: found[name] for name in ("Name", "Description", "DefaultAction", "VisibilityConfig")})
    return {
        **shaped,
        "rules": _from_waf(found["Rules"]),
        "scope": known["scope"],
        "region": known.get("region", aws.region),
        "arn": found["ARN"],
        "lockToken": response["LockToken"],
        "tagsAll": tag_map(tags),
    }


def _update(aws: Aws, acl_id: str, state: Properties, wanted: Properties, _changed: frozenset[str]) -> None:
    settings = _arguments({**wanted, "name": state["name"]})
    aws.client("wafv2", state.get("region")).update_web_acl(**settings, Id=acl_id, LockToken=state["lockToken"])


def _delete(aws: Aws, acl_id: str, outputs: Properties) -> None:
    waf = aws.client("wafv2", outputs.get("region"))
    where = _where(waf, acl_id, outputs["scope"])
    if where is not None:
        waf.delete_web_acl(**where, LockToken=waf.get_web_acl(**where)["LockToken"])


def _tags(aws: Aws, _id: str, state: Properties, tags: Mapping[str, str], removed: list[str]) -> None:
    waf = aws.client("wafv2", state.get("region"))
    if tags:
        waf.tag_resource(ResourceARN=state["arn"], Tags=tag_list(tags))
    if removed:
        waf.untag_resource(ResourceARN=state["arn"], TagKeys=removed)


def _put_logging(aws: Aws, wanted: Properties) -> str:
    settings = _to_waf({name: wanted[name] for name in LOGGING if name in wanted})
    aws.client("wafv2", wanted.get("region")).put_logging_configuration(LoggingConfiguration=settings)
    return str(wanted["resourceArn"])


def _read_logging(aws: Aws, acl_arn: str, known: Properties) -> dict[str, Any] | None:
    region = known.get("region", aws.region)
    response = found_or_none(aws.client("wafv2", region).get_logging_configuration, ResourceArn=acl_arn)
    if response is None:
        return None
    found = _from_waf(response["LoggingConfiguration"])
    return {**{name: found[name] for name in LOGGING if name in found}, "region": region}


def _delete_logging(aws: Aws, acl_arn: str, outputs: Properties) -> None:
    aws.client("wafv2", outputs.get("region")).delete_logging_configuration(ResourceArn=acl_arn)


ENTRIES = (
    Entry(
        type=types.WEB_ACL,
        inputs=frozenset(WEB_ACL) | {"region", "tags"},
        required=frozenset({"defaultAction", "scope", "visibilityConfig"}),
        name_property="name",
        tags=_tags,
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
    ),
    Entry(
        type=types.WEB_ACL_LOGGING,
        inputs=frozenset(LOGGING) | {"region"},
        required=frozenset({"resourceArn", "logDestinationConfigs"}),
        create=_put_logging,
        read=_read_logging,
        update=lambda aws, _id, _state, wanted, _changed: _put_logging(aws, wanted),
        delete=_delete_logging,
    ),
)
