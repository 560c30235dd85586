"""Secrets Manager secrets and their versions."""

from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties
from toolkit.resource_types import secretsmanager as types


class _Secret(Entry):
    def computed(self, _aws: Aws, found: Properties, known: Properties) -> dict[str, Any] | None:
        deleted = "deletedDate" in found
        return None if deleted else {"recoveryWindowInDays": known.get("recoveryWindowInDays", 30)}

    def update(self, aws: Aws, arn: str, state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
        if changed - {"recoveryWindowInDays"}:
            super().update(aws, arn, state, wanted, changed)

    def delete(self, aws: Aws, arn: str, outputs: Properties) -> None:
        days = outputs.get("recoveryWindowInDays", 30)
        how = {"RecoveryWindowInDays": days} if days else {"ForceDeleteWithoutRecovery": True}
        aws.client("secretsmanager").delete_secret(SecretId=arn, **how)


class _Version(Entry):
    def where(self, resource_id: str, known: Properties) -> dict[str, Any]:
        where = super().where(resource_id, known)
        return {**where, "secretId": where["arn"]}

    def delete(self, aws: Aws, resource_id: str, outputs: Properties) -> None:
        """Do nothing: AWS removes a version that has no stage."""


ENTRIES = (
    _Secret(
        type=types.SECRET,
        service="secretsmanager",
        noun="secret",
        read_call="describe_{noun}",
        id="{arn}",
        names={"SecretId": "arn"},
        inputs=frozenset({"name", "namePrefix", "description", "kmsKeyId", "recoveryWindowInDays", "tags"}),
        outputs=frozenset({"arn"}),
        tag_calls=("tag_resource", "untag_resource", ""),
    ),
    _Version(
        type=types.SECRET_VERSION,
        service="secretsmanager",
        noun="secret_value",
        create_call="put_{noun}",
        update_call=None,
        id="{arn}|{versionId}",
        inputs=frozenset({"secretId", "secretString", "versionStages"}),
        required=frozenset({"secretId", "secretString"}),
        outputs=frozenset({"arn", "versionId"}),
    ),
)
