"""KMS keys and their aliases."""

from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties
from toolkit.localcloud.provider.shapes import document
from toolkit.resource_types import kms as types


class _Key(Entry):
    def after_create(self, aws: Aws, key: str, wanted: Properties) -> None:
        self._configure(aws, key, wanted, frozenset(wanted))

    def _configure(self, aws: Aws, key: str, wanted: Properties, changed: frozenset[str]) -> None:
        kms = self.client(aws, wanted)
        if changed & {"enableKeyRotation", "rotationPeriodInDays"}:
            if wanted.get("enableKeyRotation"):
                kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=wanted.get("rotationPeriodInDays", 365))
            else:
                kms.disable_key_rotation(KeyId=key)
        if "isEnabled" in changed:
            (kms.enable_key if wanted.get("isEnabled", True) else kms.disable_key)(KeyId=key)

    def computed(self, aws: Aws, found: Properties, known: Properties) -> dict[str, Any] | None:
        if found["keyState"] == "PendingDeletion":
            return None
        kms, key = self.client(aws, found), found["keyId"]
        return {
            "enableKeyRotation": kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"],
            "policy": kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"],
            "deletionWindowInDays": known.get("deletionWindowInDays", 30),
        }

    def update(self, aws: Aws, key: str, state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
        kms = self.client(aws, state)
        if "description" in changed:
            kms.update_key_description(KeyId=key, Description=wanted.get("description", ""))
        if "policy" in changed and "policy" in wanted:
            kms.put_key_policy(KeyId=key, PolicyName="default", Policy=document(wanted["policy"]))
        self._configure(aws, key, wanted, changed)

    def delete(self, aws: Aws, key: str, outputs: Properties) -> None:
        days = outputs.get("deletionWindowInDays", 30)
        self.client(aws, outputs).schedule_key_deletion(KeyId=key, PendingWindowInDays=days)


class _Alias(Entry):
    def describe(self, aws: Aws, where: Properties) -> dict[str, Any] | None:
        pages = self.client(aws, where).get_paginator("list_aliases").paginate()
        listed = (alias for page in pages for alias in page["Aliases"])
        return next(({"arn": each["AliasArn"], **each} for each in listed if each["AliasName"] == where["name"]), None)

    def computed(self, aws: Aws, found: Properties, known: Properties) -> dict[str, Any]:
        target, region = found["TargetKeyId"], self.client(aws, found).meta.region_name
        arn = target if target.startswith("arn:") else f"arn:aws:kms:{region}:{aws.account_id}:key/{target}"
        return {"targetKeyId": known.get("targetKeyId", target), "targetKeyArn": arn}


ENTRIES = (
    _Key(
        type=types.KEY,
        service="kms",
        noun="key",
        read_call="describe_{noun}",
        result="keyMetadata",
        id="{keyId}",
        names={"KeySpec": "customerMasterKeySpec", "CustomerMasterKeySpec": "formerKeySpec", "Enabled": "isEnabled"},
        inputs=frozenset({"description", "keyUsage", "customerMasterKeySpec", "multiRegion", "policy"})
        | {"enableKeyRotation", "rotationPeriodInDays", "isEnabled", "deletionWindowInDays", "region", "tags"},
        outputs=frozenset({"arn", "keyId"}),
        tag_calls=("tag_resource", "untag_resource", "list_resource_tags"),
    ),
    _Alias(
        type=types.KEY_ALIAS,
        service="kms",
        noun="alias",
        names={"AliasName": "name"},
        inputs=frozenset({"name", "namePrefix", "targetKeyId", "region"}),
        required=frozenset({"targetKeyId"}),
        outputs=frozenset({"arn"}),
    ),
)
