"""Resource types of AWS Secrets Manager."""

from toolkit.resource_types.automatic_names import NameForm
from toolkit.resource_types.data_loss.checks import keeps, not_shorter, unchanged
from toolkit.resource_types.data_loss.policies import leaves_access
from toolkit.resource_types.data_loss.stored_data import OLD_KEY, StoredData, policy_of
from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs
from toolkit.resource_types.permissions import Permissions
from toolkit.resource_types.record import FREE_PERMISSION, HOLDS_NOTHING, ResourceType

SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 - a resource type, not a secret
SECRET_POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy"  # noqa: S105 - a resource type, not a secret
SECRET_ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"  # noqa: S105 - a resource type, not a secret
SECRET_VERSION = "aws:secretsmanager/secretVersion:SecretVersion"  # noqa: S105 - a resource type, not a secret

_SECRETS = ("arn:aws:secretsmanager:{region}:{account}:secret:{name}",)


def _secret(new: NewResource) -> PreviewOutputs:
    name = new.named()
    arn = new.arn("secretsmanager", f"secret:{name}-{new.token(6, 'arn')}")
    return PreviewOutputs(arn, {"name": name, "arn": arn})


def _secret_version(new: NewResource) -> PreviewOutputs:
    version = new.uuid()
    return PreviewOutputs(f"{new.inputs['secretId']}|{version}", {"versionId": version, "arn": new.inputs["secretId"]})


TYPES = (
    ResourceType(
        SECRET,
        name=NameForm(512, pattern=r"[\w/+=.@-]+", accepted="letters, digits and /_+=.@-"),
        replaced_by=("name", "namePrefix"),
        data=StoredData(
            "the secret's value and its old versions",
            checks=(
                not_shorter(
                    "recoveryWindowInDays", default=30, unit="days", lost="days in which a deletion can be cancelled"
                ),
                unchanged("kmsKeyId", what="changes its encryption key", lost=OLD_KEY),
                keeps("replicas", by=("region",), what="deletes its replica in", lost="that copy of the value"),
                leaves_access("policy", service="secretsmanager"),
            ),
        ),
        preview=_secret,
        permissions=Permissions(
            on=_SECRETS,
            create="CreateSecret TagResource",
            update="UpdateSecret UntagResource",
            delete="DeleteSecret",
            read="DescribeSecret GetResourcePolicy",
        ),
    ),
    ResourceType(SECRET_POLICY, data=policy_of("secretsmanager", setting_of="secretArn"), free=FREE_PERMISSION),
    ResourceType(
        SECRET_ROTATION, data=HOLDS_NOTHING, free="rotation is free; the rotation function is priced as a function"
    ),
    ResourceType(
        SECRET_VERSION,
        # secretsmanager/secret_version.go (read 2026-11-30).
        replaced_by=("secretBinary", "secretId", "secretString", "secretStringWoVersion"),
        data=HOLDS_NOTHING,  # AWS keeps the version before
        preview=_secret_version,
        permissions=Permissions(
            on=_SECRETS,
            create="PutSecretValue",
            update="UpdateSecretVersionStage",
            delete="UpdateSecretVersionStage",
            read="DescribeSecret GetSecretValue ListSecretVersionIds",
        ),
        free="versions are part of the secret",
        no_rule="only holds the value, which no rule may read",
    ),
)
