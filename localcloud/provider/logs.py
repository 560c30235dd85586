"""CloudWatch log groups."""

from collections.abc import Mapping
from typing import Any

from localcloud.provider.entry import Aws, Entry, Properties
from localcloud.provider.fields import from_aws, to_aws

GROUP = {"name": "logGroupName", "kmsKeyId": "kmsKeyId", "logGroupClass": "logGroupClass"}
READ = {**GROUP, "retentionInDays": "retentionInDays"}


def _create(aws: Aws, wanted: Properties) -> str:
    aws.client("logs").create_log_group(**to_aws(wanted, GROUP), **_tagging(wanted["tagsAll"]))
    _retain(aws, wanted["name"], wanted.get("retentionInDays"))
    return str(wanted["name"])


def _tagging(tags: Mapping[str, str]) -> dict[str, Any]:
    return {"tags": tags} if tags else {}  # AWS refuses an empty map


def _retain(aws: Aws, name: str, days: int | None) -> None:
    if days:
        aws.client("logs").put_retention_policy(logGroupName=name, retentionInDays=days)
    else:
        aws.client("logs").delete_retention_policy(logGroupName=name)


def _read(aws: Aws, name: str, _known: Properties) -> dict[str, Any] | None:
    logs = aws.client("logs")
    groups = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    group = next((group for group in groups if group["logGroupName"] == name), None)
    if group is None:
        return None
    arn = group["arn"].removesuffix(":*")  # Pulumi's arn has no :*
    return {**from_aws(group, READ), "arn": arn, "tagsAll": logs.list_tags_for_resource(resourceArn=arn)["tags"]}


def _update(aws: Aws, name: str, _state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
    if "retentionInDays" in changed:
        _retain(aws, name, wanted.get("retentionInDays"))


def _tags(aws: Aws, _name: str, state: Properties, tags: Mapping[str, str], gone: list[str]) -> None:
    logs = aws.client("logs")
    if tags:
        logs.tag_resource(resourceArn=state["arn"], tags=dict(tags))
    if gone:
        logs.untag_resource(resourceArn=state["arn"], tagKeys=gone)


ENTRIES = (
    Entry(
        type="aws:cloudwatch/logGroup:LogGroup",
        inputs=frozenset(READ) | {"namePrefix", "skipDestroy", "tags"},
        replaced_by=frozenset({"name", "namePrefix", "logGroupClass", "kmsKeyId"}),
        name_property="name",
        tags=_tags,
        create=_create,
        read=_read,
        update=_update,
        delete=lambda aws, name, _outputs: aws.client("logs").delete_log_group(logGroupName=name),
    ),
)
