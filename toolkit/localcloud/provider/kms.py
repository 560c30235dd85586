"""KMS keys and their aliases."""

from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, found_or_none
from toolkit.localcloud.provider.fields import document, from_aws, to_aws
from toolkit.resource_types import kms as types

KEY = {
    "description": "Description",
    "keyUsage": "KeyUsage",
    "customerMasterKeySpec": "KeySpec",
    "multiRegion": "MultiRegion",
}


def _client(aws: Aws, known: Properties) -> Any:
    return aws.client("kms", known.get("region"))


def _create_key(aws: Aws, wanted: Properties) -> str:
    kms = _client(aws, wanted)
    policy = {"Policy": document(wanted["policy"])} if "policy" in wanted else {}
    response = kms.create_key(**to_aws(wanted, KEY), **policy, Tags=_tag_list(wanted["tagsAll"]))
    return str(response["KeyMetadata"]["KeyId"])


def _tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"TagKey": key, "TagValue": value} for key, value in sorted(tags.items())]


def _configure(aws: Aws, key: str, wanted: Properties, changed: frozenset[str]) -> None:
    kms = _client(aws, wanted)
    if changed & {"enableKeyRotation", "rotationPeriodInDays"}:
        if wanted.get("enableKeyRotation"):
            kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=wanted.get("rotationPeriodInDays", 365))
        else:
            kms.disable_key_rotation(KeyId=key)
    if "isEnabled" in changed:
        (kms.enable_key if wanted.get("isEnabled", True) else kms.disable_key)(KeyId=key)


def _read_key(aws: Aws, key: str, known: Properties) -> dict[str, Any] | None:
    kms = _client(aws, known)
    response = found_or_none(kms.describe_key, KeyId=key)
    if response is None or response["KeyMetadata"]["KeyState"] == "PendingDeletion":
        return None
    described = response["KeyMetadata"]
    rotation = kms.get_key_rotation_status(KeyId=key)
    return {
        **from_aws(described, KEY),
        "arn": described["Arn"],
        "region": described["Arn"].split(":")[3],
        "keyId": described["KeyId"],
        "isEnabled": described["Enabled"],
        "enableKeyRotation": rotation["KeyRotationEnabled"],
        "policy": kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"],
        "deletionWindowInDays": known.get("deletionWindowInDays", 30),
        "tagsAll": {tag["TagKey"]: tag["TagValue"] for tag in kms.list_resource_tags(KeyId=key)["Tags"]},
    }


def _update_key(aws: Aws, key: str, state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
    kms = _client(aws, state)
    if "description" in changed:
        kms.update_key_description(KeyId=key, Description=wanted.get("description", ""))
    if "policy" in changed and "policy" in wanted:
        kms.put_key_policy(KeyId=key, PolicyName="default", Policy=document(wanted["policy"]))
    _configure(aws, key, wanted, changed)


def _delete_key(aws: Aws, key: str, outputs: Properties) -> None:
    days = outputs.get("deletionWindowInDays", 30)
    _client(aws, outputs).schedule_key_deletion(KeyId=key, PendingWindowInDays=days)


def _tags(aws: Aws, key: str, state: Properties, tags: Mapping[str, str], removed: list[str]) -> None:
    kms = _client(aws, state)
    kms.tag_resource(KeyId=key, Tags=_tag_list(tags))
    if removed:
        kms.untag_resource(KeyId=key, TagKeys=removed)


def _create_alias(aws: Aws, wanted: Properties) -> str:
    _client(aws, wanted).create_alias(AliasName=wanted["name"], TargetKeyId=wanted["targetKeyId"])
    return str(wanted["name"])


def _read_alias(aws: Aws, name: str, known: Properties) -> dict[str, Any] | None:
    pages = _client(aws, known).get_paginator("list_aliases").paginate()
    found = next((alias for page in pages for alias in page["Aliases"] if alias["AliasName"] == name), None)
    if found is None:
        return None
    target, region = found["TargetKeyId"], found["AliasArn"].split(":")[3]
    return {
        "name": name,
        "arn": found["AliasArn"],
        "region": region,
        "targetKeyId": known.get("targetKeyId", target),
        "targetKeyArn": target if target.startswith("arn:") else f"arn:aws:kms:{region}:{aws.account_id}:key/{target}",
    }


def _update_alias(aws: Aws, name: str, state: Properties, wanted: Properties, _changed: frozenset[str]) -> None:
    _client(aws, state).update_alias(AliasName=name, TargetKeyId=wanted["targetKeyId"])


ENTRIES = (
    Entry(
        type=types.KEY,
        inputs=frozenset(KEY)
        | {"policy", "enableKeyRotation", "rotationPeriodInDays", "isEnabled", "deletionWindowInDays"}
        | {"region", "tags"},
        tags=_tags,
        create=_create_key,
        after_create=lambda aws, key, wanted: _configure(aws, key, wanted, frozenset(wanted)),
        read=_read_key,
        update=_update_key,
        delete=_delete_key,
    ),
    Entry(
        type=types.KEY_ALIAS,
        inputs=frozenset({"name", "namePrefix", "targetKeyId", "region"}),
        required=frozenset({"targetKeyId"}),
        name_property="name",
        make_name=lambda name: name if name.startswith("alias/") else f"alias/{name}",
        create=_create_alias,
        read=_read_alias,
        update=_update_alias,
        delete=lambda aws, name, outputs: _client(aws, outputs).delete_alias(AliasName=name),
    ),
)
