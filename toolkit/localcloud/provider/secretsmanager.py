"""Secrets Manager secrets and their versions."""

from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, found_or_none
from toolkit.localcloud.provider.fields import from_aws, tag_list, tag_map, to_aws
from toolkit.resource_types import secretsmanager as types

SECRET = {"name": "Name", "description": "Description", "kmsKeyId": "KmsKeyId"}
VERSION = {"secretId": "SecretId", "secretString": "SecretString", "versionStages": "VersionStages"}


def _create_secret(aws: Aws, wanted: Properties) -> str:
    response = aws.client("secretsmanager").create_secret(**to_aws(wanted, SECRET), Tags=tag_list(wanted["tagsAll"]))
    return str(response["ARN"])


def _read_secret(aws: Aws, arn: str, known: Properties) -> dict[str, Any] | None:
    response = found_or_none(aws.client("secretsmanager").describe_secret, SecretId=arn)
    if response is None or "DeletedDate" in response:
        return None
    days = known.get("recoveryWindowInDays", 30)
    return {
        **from_aws(response, SECRET),
        "arn": response["ARN"],
        "recoveryWindowInDays": days,
        "tagsAll": tag_map(response.get("Tags")),
    }


def _update_secret(aws: Aws, arn: str, _state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
    if changed & {"description", "kmsKeyId"}:
        arguments = to_aws({key: wanted.get(key) for key in ("description", "kmsKeyId")}, SECRET)
        aws.client("secretsmanager").update_secret(SecretId=arn, **arguments)


def _delete_secret(aws: Aws, arn: str, outputs: Properties) -> None:
    days = outputs.get("recoveryWindowInDays", 30)
    how = {"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": True}
    aws.client("secretsmanager").delete_secret(SecretId=arn, **how)


def _tags(aws: Aws, arn: str, _state: Properties, tags: Mapping[str, str], removed: list[str]) -> None:
    client = aws.client("secretsmanager")
    client.tag_resource(SecretId=arn, Tags=tag_list(tags))
    if removed:
        client.untag_resource(SecretId=arn, TagKeys=removed)


def _create_version(aws: Aws, wanted: Properties) -> str:
    response = aws.client("secretsmanager").put_secret_value(**to_aws(wanted, VERSION))
    return f"{response['ARN']}|{response['VersionId']}"


def _read_version(aws: Aws, resource_id: str, _known: Properties) -> dict[str, Any] | None:
    arn, _, version_id = resource_id.rpartition("|")
    response = found_or_none(aws.client("secretsmanager").get_secret_value, SecretId=arn, VersionId=version_id)
    if response is None:
        return None
    return {
        "secretId": arn,
        "arn": arn,
        "versionId": version_id,
        "secretString": response.get("SecretString"),
        "versionStages": response["VersionStages"],
    }


def _delete_version(_aws: Aws, _resource_id: str, _outputs: Properties) -> None:
    """Do nothing: AWS removes a version that has no stage."""


ENTRIES = (
    Entry(
        type=types.SECRET,
        inputs=frozenset(SECRET) | {"namePrefix", "recoveryWindowInDays", "tags"},
        name_property="name",
        tags=_tags,
        create=_create_secret,
        read=_read_secret,
        update=_update_secret,
        delete=_delete_secret,
    ),
    Entry(
        type=types.SECRET_VERSION,
        inputs=frozenset(VERSION),
        required=frozenset({"secretId", "secretString"}),
        create=_create_version,
        read=_read_version,
        delete=_delete_version,
    ),
)
