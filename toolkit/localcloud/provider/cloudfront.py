"""CloudFront distributions and response headers policies."""

import secrets
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties
from toolkit.resource_types import cloudfront as types

CONFIG = frozenset({"comment", "enabled", "isIpv6Enabled", "httpVersion", "priceClass", "webAclId", "aliases"}) | {
    "origins",
    "defaultCacheBehavior",
    "viewerCertificate",
    "restrictions",
}


class _Distribution(Entry):
    def request(self, wanted: Properties) -> Properties:
        behavior = dict(wanted["defaultCacheBehavior"])
        methods = behavior["allowedMethods"]
        cached = behavior.pop("cachedMethods")
        behavior["allowedMethods"] = {"quantity": len(methods), "items": methods, "cachedMethods": cached}
        config = {
            "comment": "",
            "aliases": [],
            **{name: wanted[name] for name in CONFIG & wanted.keys()},
            "defaultCacheBehavior": behavior,
            "origins": [_origin(**origin) for origin in wanted["origins"]],
            "restrictions": {"geoRestriction": {**wanted["restrictions"]["geoRestriction"], "quantity": 0}},
            "callerReference": wanted.get("callerReference") or secrets.token_hex(8),
        }
        with_tags = {"distributionConfig": config, "tagsAll": wanted["tagsAll"]}
        return {**wanted, "distributionConfig": config, "distributionConfigWithTags": with_tags}

    def create(self, aws: Aws, wanted: Properties) -> str:
        response = self.call(aws, "create_distribution_with_tags", self.request(wanted))
        return str(response["distribution"]["id"])

    def computed(self, _aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        return {
            "hostedZoneId": "Z2FDTNDATAQYW2",  # the same for each distribution
            "callerReference": found["distributionConfig"]["callerReference"],
            "enabled": found["distributionConfig"]["enabled"],
        }

    def delete(self, aws: Aws, resource_id: str, outputs: Properties) -> None:
        """Disable the distribution and delete it, as AWS requires."""
        state = self.read(aws, resource_id, outputs)
        if state is not None:
            self.update(aws, resource_id, state, {**outputs, **state, "enabled": False}, frozenset())
            self.call(aws, "delete_distribution", {"id": resource_id, "etag": state["etag"]})


def _origin(originId: str, **others: Any) -> dict[str, Any]:  # noqa: N803 - Pulumi's name of the property
    return {"customHeaders": [], **others, "id": originId}


class _HeadersPolicy(Entry):
    """moto has no API for these policies, and no header is added locally: the name is the id."""

    def create(self, _aws: Aws, wanted: Properties) -> str:
        return str(wanted["name"])

    def read(self, _aws: Aws, name: str, _known: Properties) -> dict[str, Any]:
        return {"name": name}

    def update(
        self, aws: Aws, resource_id: str, state: Properties, wanted: Properties, changed: frozenset[str]
    ) -> None:
        """Do nothing."""

    def delete(self, aws: Aws, resource_id: str, outputs: Properties) -> None:
        """Do nothing."""


ENTRIES = (
    _Distribution(
        type=types.DISTRIBUTION,
        service="cloudfront",
        noun="distribution",
        result="distribution",
        id="{id}",
        names={
            "ETag": "etag",
            "IfMatch": "etag",
            "HeaderName": "name",
            "HeaderValue": "value",
            "CloudFrontDefaultCertificate": "cloudfrontDefaultCertificate",
        },
        inputs=CONFIG | {"tags"},
        required=frozenset({"defaultCacheBehavior", "enabled", "origins", "restrictions", "viewerCertificate"}),
        outputs=frozenset({"arn", "domainName", "etag", "callerReference"}),
        not_returned=CONFIG - {"enabled"},  # moto returns only a part of it
    ),
    _HeadersPolicy(
        type=types.RESPONSE_HEADERS_POLICY,
        service="cloudfront",
        noun="response_headers_policy",
        inputs=frozenset({"name", "comment", "securityHeadersConfig"}),
        recreated_by=frozenset({"name"}),  # the name is the id here
        not_returned=frozenset({"comment", "securityHeadersConfig"}),
    ),
)
