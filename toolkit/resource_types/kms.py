"""Resource types of AWS KMS."""

from toolkit.resource_types.automatic_names import NameForm
from toolkit.resource_types.data_loss.checks import not_shorter, stays, unchanged
from toolkit.resource_types.data_loss.policies import key_stays_administrable
from toolkit.resource_types.data_loss.stored_data import OLD_KEY, StoredData
from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs, id_is_name
from toolkit.resource_types.permissions import Permissions
from toolkit.resource_types.record import FREE_PERMISSION, FREE_REFERENCE, ResourceType

KEY = "aws:kms/key:Key"
KEY_ALIAS = "aws:kms/alias:Alias"
KEY_GRANT = "aws:kms/grant:Grant"
KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy"
REPLICA_KEY = "aws:kms/replicaKey:ReplicaKey"

_KEYS = ("arn:aws:kms:*:{account}:key/*",)


def _key(new: NewResource) -> PreviewOutputs:
    identity = new.uuid()
    return PreviewOutputs(identity, {"keyId": identity, "arn": new.arn("kms", f"key/{identity}")})


def _alias_name(name: str) -> str:
    return name if name.startswith("alias/") else f"alias/{name}"


TYPES = (
    ResourceType(
        KEY_ALIAS,
        name=NameForm(256, pattern=r"[\w:/-]+", accepted="letters, digits and :/_-", adapt=_alias_name),
        replaced_by=("name", "namePrefix"),
        data=StoredData(checks=(unchanged("targetKeyId", what="changes its encryption key", lost=OLD_KEY),)),
        preview=id_is_name("kms", ""),
        permissions=Permissions(
            on=("arn:aws:kms:*:{account}:alias/{name}",),
            create="CreateAlias",
            update="UpdateAlias",
            delete="DeleteAlias",
            read_anywhere="ListAliases",
            # KMS authorizes each of these on the key, too.
            also=Permissions(on=_KEYS, create="CreateAlias", update="UpdateAlias", delete="DeleteAlias"),
        ),
        free=FREE_REFERENCE,
        no_rule="only names a key",
    ),
    ResourceType(
        "aws:kms/externalKey:ExternalKey",
        data=StoredData(
            "everything that is encrypted with the key",
            checks=(
                key_stays_administrable("policy"),
                stays("enabled", on=(True, None), what="is disabled", lost="access to everything encrypted with it"),
                unchanged(
                    "validTo",
                    what="changes the expiry of its key material",
                    lost="access to everything encrypted with it after that",
                ),
                unchanged(
                    "keyMaterialBase64",
                    what="changes its key material",
                    lost="the data that only the old material decrypts",
                ),
            ),
        ),
    ),
    ResourceType(KEY_GRANT, free=FREE_PERMISSION),
    ResourceType(
        KEY,
        replaced_by=("customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"),
        data=StoredData(
            "everything that is encrypted with the key",
            checks=(
                key_stays_administrable("policy"),
                stays("isEnabled", on=(True, None), what="is disabled", lost="access to everything encrypted with it"),
                not_shorter("deletionWindowInDays", default=30, unit="days", lost="time to cancel the key's deletion"),
            ),
        ),
        preview=_key,
        permissions=Permissions(
            on=_KEYS,
            create="EnableKeyRotation PutKeyPolicy TagResource",
            update="UpdateKeyDescription EnableKey DisableKey DisableKeyRotation UntagResource",
            delete="ScheduleKeyDeletion",
            read="DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags",
            change_anywhere="CreateKey",
        ),
    ),
    ResourceType(
        KEY_POLICY,
        data=StoredData(setting_of="keyId", checks=(key_stays_administrable("policy"),)),
        free=FREE_PERMISSION,
        no_rule="is evaluated with its key",
    ),
    ResourceType(
        REPLICA_KEY,
        data=StoredData(
            "access in that region to everything encrypted with it", checks=(key_stays_administrable("policy"),)
        ),
    ),
)
