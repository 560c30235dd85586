"""CloudWatch log groups."""

from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties
from toolkit.localcloud.provider.fields import from_aws, to_aws

GROUP = {"name": "logGroupName", "kmsKeyId": "kmsKeyId", "logGroupClass": "logGroupClass"}
READ = {**GROUP, "retentionInDays": "retentionInDays"}


def _client(aws: Aws, known: Properties) -> Any:
    return aws.client("logs", known.get("region"))


def _create(aws: Aws, wanted: Properties) -> str:
    _client(aws, wanted).create_log_group(**to_aws(wanted, GROUP), **_tagging(wanted["tagsAll"]))
    return str(wanted["name"])


def _tagging(tags: Mapping[str, str]) -> dict[str, Any]:
    return {"tags": tags} if tags else {}  # AWS refuses an empty map


def _retain(logs: Any, name: str, days: int | None) -> None:
    if days:
        logs.put_retention_policy(logGroupName=name, retentionInDays=days)
    else:
        logs.delete_retention_policy(logGroupName=name)


def _read(aws: Aws, name: str, known: Properties) -> dict[str, Any] | None:
    logs = _client(aws, known)
    groups = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    group = next((group for group in groups if group["logGroupName"] == name), None)
    if group is None:
        return None
    arn = group["arn"].removesuffix(":*")  # Pulumi's arn has no :*
    tags = logs.list_tags_for_resource(resourceArn=arn)["tags"]
    return {**from_aws(group, READ), "arn": arn, "region": arn.split(":")[3], "tagsAll": tags}


def _update(aws: Aws, name: str, state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
    if "retentionInDays" in changed:
        _retain(_client(aws, state), name, wanted.get("retentionInDays"))
    if "kmsKeyId" in changed:
        _encrypt(_client(aws, state), name, wanted.get("kmsKeyId"))


def _encrypt(logs: Any, name: str, key: str | None) -> None:
    if key:
        logs.associate_kms_key(logGroupName=name, kmsKeyId=key)
    else:
        logs.disassociate_kms_key(logGroupName=name)


def _tags(aws: Aws, _name: str, state: Properties, tags: Mapping[str, str], gone: list[str]) -> None:
    logs = _client(aws, state)
    if tags:
        logs.tag_resource(resourceArn=state["arn"], tags=dict(tags))
    if gone:
        logs.untag_resource(resourceArn=state["arn"], tagKeys=gone)


ENTRIES = (
    Entry(
        type="aws:cloudwatch/logGroup:LogGroup",
        inputs=frozenset(READ) | {"namePrefix", "region", "skipDestroy", "tags"},
        replaced_by=frozenset({"name", "namePrefix", "logGroupClass", "region"}),
        name_property="name",
        tags=_tags,
        create=_create,
        settle=lambda aws, name, wanted: _retain(_client(aws, wanted), name, wanted.get("retentionInDays")),
        read=_read,
        update=_update,
        delete=lambda aws, name, outputs: _client(aws, outputs).delete_log_group(logGroupName=name),
    ),
)
