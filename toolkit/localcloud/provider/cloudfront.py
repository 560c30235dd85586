"""CloudFront distributions and response headers policies."""

import secrets
from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, found_or_none
from toolkit.localcloud.provider.fields import Fields, tag_list, tag_map, to_aws
from toolkit.resource_types import cloudfront as types

ORIGIN: Fields = {
    "originId": "Id",
    "domainName": "DomainName",
    "customHeaders": ("CustomHeaders", {"name": "HeaderName", "value": "HeaderValue"}),
    "customOriginConfig": (
        "CustomOriginConfig",
        {
            "httpPort": "HTTPPort",
            "httpsPort": "HTTPSPort",
            "originProtocolPolicy": "OriginProtocolPolicy",
            "originSslProtocols": "OriginSslProtocols",
            "originReadTimeout": "OriginReadTimeout",
        },
    ),
}
BEHAVIOR: Fields = {
    "targetOriginId": "TargetOriginId",
    "viewerProtocolPolicy": "ViewerProtocolPolicy",
    "allowedMethods": "AllowedMethods",
    "cachedMethods": "CachedMethods",
    "cachePolicyId": "CachePolicyId",
    "originRequestPolicyId": "OriginRequestPolicyId",
    "responseHeadersPolicyId": "ResponseHeadersPolicyId",
    "compress": "Compress",
}
CERTIFICATE = {
    "acmCertificateArn": "ACMCertificateArn",
    "sslSupportMethod": "SSLSupportMethod",
    "minimumProtocolVersion": "MinimumProtocolVersion",
    "cloudfrontDefaultCertificate": "CloudFrontDefaultCertificate",
}
CONFIG: Fields = {
    "comment": "Comment",
    "enabled": "Enabled",
    "isIpv6Enabled": "IsIPV6Enabled",
    "httpVersion": "HttpVersion",
    "priceClass": "PriceClass",
    "webAclId": "WebACLId",
    "aliases": "Aliases",
    "origins": ("Origins", ORIGIN),
    "defaultCacheBehavior": ("DefaultCacheBehavior", BEHAVIOR),
    "viewerCertificate": ("ViewerCertificate", CERTIFICATE),
    "restrictions": ("Restrictions", {"geoRestriction": ("GeoRestriction", {"restrictionType": "RestrictionType"})}),
}


def _listed(values: Any) -> dict[str, Any]:
    """Return a list in CloudFront's form."""
    return {"Quantity": len(values or ()), "Items": list(values or ())}


def _config(wanted: Properties, reference: str) -> dict[str, Any]:
    config = to_aws({"comment": "", **wanted}, CONFIG)
    behavior = config["DefaultCacheBehavior"]
    cached = behavior.pop("CachedMethods")
    behavior["AllowedMethods"] = {**_listed(behavior["AllowedMethods"]), "CachedMethods": _listed(cached)}
    for origin in config["Origins"]:
        origin["CustomHeaders"] = _listed(origin.get("CustomHeaders"))
        custom = origin["CustomOriginConfig"]
        custom["OriginSslProtocols"] = _listed(custom["OriginSslProtocols"])
    config["Origins"], config["Aliases"] = _listed(config["Origins"]), _listed(config.get("Aliases"))
    config["Restrictions"]["GeoRestriction"]["Quantity"] = 0
    return {**config, "CallerReference": reference}


def _create(aws: Aws, wanted: Properties) -> str:
    tagged = {"DistributionConfig": _config(wanted, secrets.token_hex(8)), "Tags": {"Items": _tag_items(wanted)}}
    response = aws.client("cloudfront").create_distribution_with_tags(DistributionConfigWithTags=tagged)
    return str(response["Distribution"]["Id"])


def _tag_items(wanted: Properties) -> list[dict[str, str]]:
    return tag_list(wanted["tagsAll"])


def _read(aws: Aws, resource_id: str, _known: Properties) -> dict[str, Any] | None:
    cloudfront = aws.client("cloudfront")
    response = found_or_none(cloudfront.get_distribution, Id=resource_id)
    if response is None:
        return None
    found = response["Distribution"]
    return {
        "arn": found["ARN"],
        "domainName": found["DomainName"],
        "hostedZoneId": "Z2FDTNDATAQYW2",  # the same for each distribution
        "callerReference": found["DistributionConfig"]["CallerReference"],
        "etag": response["ETag"],
        "enabled": found["DistributionConfig"]["Enabled"],
        "tagsAll": tag_map(cloudfront.list_tags_for_resource(Resource=found["ARN"])["Tags"].get("Items", ())),
    }


def _update(aws: Aws, resource_id: str, state: Properties, wanted: Properties, _changed: frozenset[str]) -> None:
    config = _config(wanted, state["callerReference"])
    aws.client("cloudfront").update_distribution(Id=resource_id, DistributionConfig=config, IfMatch=state["etag"])


def _delete(aws: Aws, resource_id: str, outputs: Properties) -> None:
    """Disable the distribution and delete it, as AWS requires."""
    state = _read(aws, resource_id, outputs)
    if state is None:
        return
    _update(aws, resource_id, state, {**outputs, **state, "enabled": False}, frozenset())
    aws.client("cloudfront").delete_distribution(Id=resource_id, IfMatch=state["etag"])


def _tags(aws: Aws, _id: str, state: Properties, tags: Mapping[str, str], removed: list[str]) -> None:
    cloudfront, arn = aws.client("cloudfront"), state["arn"]
    cloudfront.tag_resource(Resource=arn, Tags={"Items": tag_list(tags)})
    if removed:
        cloudfront.untag_resource(Resource=arn, TagKeys={"Items": removed})


def _name_headers(_aws: Aws, wanted: Properties) -> str:
    """Return the name as the id: moto has no API for these policies, and no header is added locally."""
    return str(wanted["name"])


def _update_headers(_aws: Aws, _id: str, _state: Properties, _wanted: Properties, _changed: object) -> None:
    """Change nothing: moto has no API for these policies."""


ENTRIES = (
    Entry(
        type=types.DISTRIBUTION,
        inputs=frozenset(CONFIG) | {"tags"},
        required=frozenset({"defaultCacheBehavior", "enabled", "origins", "restrictions", "viewerCertificate"}),
        unread=frozenset(CONFIG) - {"enabled"},  # moto returns only a part of it
        tags=_tags,
        create=_create,
        read=_read,
        update=_update,
        delete=_delete,
    ),
    Entry(
        type=types.RESPONSE_HEADERS_POLICY,
        inputs=frozenset({"name", "comment", "securityHeadersConfig"}),
        recreated_by=frozenset({"name"}),  # the name is the id here
        name_property="name",
        unread=frozenset({"comment", "securityHeadersConfig"}),
        create=_name_headers,
        read=lambda _aws, name, _known: {"name": name},
        update=_update_headers,
        delete=lambda _aws, _id, _outputs: None,
    ),
)
