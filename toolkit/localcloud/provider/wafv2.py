"""WAF web ACLs and their logging configurations."""

from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties
from toolkit.resource_types import wafv2 as types


class _WebAcl(Entry):
    def describe(self, aws: Aws, where: Properties) -> dict[str, Any] | None:
        """Return the web ACL with this id, whose name AWS asks for."""
        listed = self.call(aws, "list_web_acls", where)["webACLs"]
        name = next((each["name"] for each in listed if each["id"] == where["id"]), None)
        if name is None:
            return None
        identity = {"id": where["id"], "name": name, "scope": where["scope"]}
        return {**identity, **self.call(aws, "get_web_acl", {**identity, "region": where.get("region")})}

    def delete(self, aws: Aws, acl_id: str, outputs: Properties) -> None:
        where = self.where(acl_id, outputs)
        present = self.describe(aws, where)
        if present is not None:
            self.call_by_id(aws, "delete_web_acl", {**where, **present})


class _Logging(Entry):
    def request(self, wanted: Properties) -> Properties:
        return {
            "region": wanted.get("region"),
            "loggingConfiguration": {k: v for k, v in wanted.items() if k != "region"},
        }


ENTRIES = (
    _WebAcl(
        type=types.WEB_ACL,
        service="wafv2",
        noun="web_acl",
        result="webACL",
        id="{id}",
        names={"WebACLs": "webACLs", "WebACL": "webACL", "CloudWatchMetricsEnabled": "cloudwatchMetricsEnabled"},
        inputs=frozenset({"name", "scope", "description", "defaultAction", "rules", "visibilityConfig"})
        | {"region", "tags"},
        required=frozenset({"defaultAction", "scope", "visibilityConfig"}),
        outputs=frozenset({"arn", "lockToken"}),
        defaults={"rules": []},
    ),
    _Logging(
        type=types.WEB_ACL_LOGGING,
        service="wafv2",
        noun="logging_configuration",
        create_call="put_{noun}",
        update_call="put_{noun}",
        result="loggingConfiguration",
        id="{resourceArn}",
        inputs=frozenset({"resourceArn", "logDestinationConfigs", "redactedFields", "loggingFilter", "region"}),
        required=frozenset({"resourceArn", "logDestinationConfigs"}),
    ),
)
