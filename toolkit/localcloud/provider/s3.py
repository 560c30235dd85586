"""S3 buckets, and their settings that Pulumi has as resources of their own: the id of each is its bucket."""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from botocore.exceptions import ClientError

from toolkit.localcloud.provider.entry import Aws, Entry, Properties
from toolkit.localcloud.provider.shapes import as_map
from toolkit.resource_types import s3 as types


class _Bucket(Entry):
    def create(self, aws: Aws, wanted: Properties) -> str:
        where = {} if aws.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": aws.region}}
        locked = bool(wanted.get("objectLockEnabled"))
        aws.client("s3").create_bucket(Bucket=wanted["bucket"], ObjectLockEnabledForBucket=locked, **where)
        return str(wanted["bucket"])

    def after_create(self, aws: Aws, name: str, wanted: Properties) -> None:
        if wanted["tagsAll"]:
            self.tag(aws, name, wanted, wanted["tagsAll"], {})

    def computed(self, aws: Aws, found: Properties, known: Properties) -> dict[str, Any]:
        name = found["bucket"]
        return {
            "arn": f"arn:aws:s3:::{name}",
            "bucketDomainName": f"{name}.s3.amazonaws.com",
            "bucketRegionalDomainName": f"{name}.s3.{aws.region}.amazonaws.com",
            "bucketRegion": aws.region,
            "hostedZoneId": "Z3AQBSTGFYJSTF",
            "forceDestroy": bool(known.get("forceDestroy")),
        }

    def update(
        self, aws: Aws, resource_id: str, state: Properties, wanted: Properties, changed: frozenset[str]
    ) -> None:
        """Do nothing: only forceDestroy changes in place, which is a setting of Pulumi."""

    def delete(self, aws: Aws, name: str, outputs: Properties) -> None:
        s3 = aws.client("s3")
        if outputs.get("forceDestroy"):
            for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
                for version in [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]:
                    s3.delete_object(Bucket=name, Key=version["Key"], VersionId=version["VersionId"])
        s3.delete_bucket(Bucket=name)

    def tag(self, aws: Aws, name: str, _state: Properties, tags: Properties, _removed: Properties) -> None:
        tag_set = [{"Key": key, "Value": tags[key]} for key in sorted(tags)]
        aws.client("s3").put_bucket_tagging(Bucket=name, Tagging={"TagSet": tag_set})

    def listed_tags(self, aws: Aws, name: str, _state: Properties) -> dict[str, str]:
        try:
            return as_map(aws.client("s3").get_bucket_tagging(Bucket=name)["TagSet"])
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchTagSet":
                raise
            return {}


@dataclass(frozen=True, kw_only=True)
class _Setting(Entry):
    """A setting of a bucket, which an update puts again."""

    service: str = "s3"
    create_call: str = "put_{noun}"
    update_call: str | None = "put_{noun}"
    id: str = "{bucket}"
    required: frozenset[str] = frozenset({"bucket"})
    argument: str = ""
    """The argument of the put call that holds the inputs other than the bucket; empty where they are arguments."""

    def request(self, wanted: Properties) -> Properties:
        if not self.argument:
            return wanted
        others = {name: value for name, value in wanted.items() if name != "bucket"}
        return {"bucket": wanted["bucket"], self.argument: {**self.defaults, **others}}


class _Ownership(_Setting):
    def request(self, wanted: Properties) -> Properties:
        return {**wanted, "ownershipControls": {"rules": [wanted["rule"]]}}

    def computed(self, _aws: Aws, found: Properties, _known: Properties) -> dict[str, Any]:
        return {"rule": found["ownershipControls"]["rules"][0]}


class _Versioning(_Setting):
    def computed(self, _aws: Aws, found: Properties, _known: Properties) -> dict[str, Any] | None:
        configuration = {name: found[name] for name in ("status", "mfaDelete") if name in found}
        return {"versioningConfiguration": configuration} if "status" in found else None

    def delete(self, aws: Aws, bucket: str, _outputs: Properties) -> None:
        suspended = {"Status": "Suspended"}
        aws.client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration=suspended)


class _Logging(_Setting):
    def request(self, wanted: Properties) -> Properties:
        target = {name: value for name, value in wanted.items() if name != "bucket"}
        return {**wanted, "bucketLoggingStatus": {"loggingEnabled": target}}

    def computed(self, _aws: Aws, found: Properties, _known: Properties) -> dict[str, Any] | None:
        return {} if "loggingEnabled" in found else None

    def delete(self, aws: Aws, bucket: str, _outputs: Properties) -> None:
        aws.client("s3").put_bucket_logging(Bucket=bucket, BucketLoggingStatus={})


TARGETS = {
    "lambdaFunctions": ("lambdaFunctionConfigurations", "lambdaFunctionArn"),
    "queues": ("queueConfigurations", "queueArn"),
    "topics": ("topicConfigurations", "topicArn"),
}


class _Notification(_Setting):
    def request(self, wanted: Properties) -> Properties:
        settings = {
            name: [_notification(each, arn) for each in wanted.get(key) or ()] for key, (name, arn) in TARGETS.items()
        }
        return {"bucket": wanted["bucket"], "notificationConfiguration": settings}

    def computed(self, _aws: Aws, found: Properties, known: Properties) -> dict[str, Any] | None:
        state = {
            key: [_target(each, given) for each, given in zip_longest(found[name], known.get(key) or ()) if each]
            for key, (name, _) in TARGETS.items()
            if found.get(name)
        }
        return state or None

    def delete(self, aws: Aws, bucket: str, _outputs: Properties) -> None:
        aws.client("s3").put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={})


def _notification(target: Properties, arn: str) -> dict[str, Any]:
    """Return a notification in AWS's form, where the filters are a list of rules."""
    filters = {name: target.get(f"filter{name.capitalize()}") for name in ("prefix", "suffix")}
    rules = [{"name": name, "value": value} for name, value in filters.items() if value]
    settings = {name: target[name] for name in ("id", "events", arn) if name in target}
    return {**settings, "filter": {"key": {"filterRules": rules}}} if rules else settings


def _target(notification: Properties, given: Properties | None) -> dict[str, Any]:
    """Return a notification as Pulumi has it; AWS generates the id that the program does not give."""
    target = dict(notification)
    for rule in target.pop("filter", {}).get("key", {}).get("filterRules", ()):
        target[f"filter{rule['name'].capitalize()}"] = rule["value"]
    if given is not None and "id" not in given:
        target.pop("id", None)
    return target


ACCESS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
ENTRIES = (
    _Bucket(
        type=types.BUCKET,
        service="s3",
        noun="bucket",
        read_call="head_{noun}",
        id="{bucket}",
        inputs=frozenset({"bucket", "bucketPrefix", "forceDestroy", "objectLockEnabled", "tags"}),
    ),
    _Setting(
        type=types.BUCKET_PUBLIC_BLOCK,
        noun="public_access_block",
        argument="publicAccessBlockConfiguration",
        result="publicAccessBlockConfiguration",
        inputs=frozenset({"bucket", *ACCESS}),
        defaults=dict.fromkeys(ACCESS, False),
    ),
    _Ownership(
        type=types.BUCKET_OWNERSHIP,
        noun="bucket_ownership_controls",
        inputs=frozenset({"bucket", "rule"}),
    ),
    _Setting(
        type=types.BUCKET_POLICY,
        noun="bucket_policy",
        inputs=frozenset({"bucket", "policy"}),
    ),
    _Versioning(
        type=types.BUCKET_VERSIONING,
        noun="bucket_versioning",
        inputs=frozenset({"bucket", "versioningConfiguration"}),
    ),
    _Setting(
        type=types.BUCKET_ENCRYPTION,
        noun="bucket_encryption",
        argument="serverSideEncryptionConfiguration",
        result="serverSideEncryptionConfiguration",
        inputs=frozenset({"bucket", "rules"}),
    ),
    _Setting(
        type=types.BUCKET_LIFECYCLE,
        noun="bucket_lifecycle_configuration",
        delete_call="delete_bucket_lifecycle",
        argument="lifecycleConfiguration",
        inputs=frozenset({"bucket", "rules"}),
    ),
    _Setting(
        type=types.BUCKET_CORS,
        noun="bucket_cors",
        argument="corsConfiguration",
        inputs=frozenset({"bucket", "corsRules"}),
    ),
    _Notification(
        type=types.BUCKET_NOTIFICATION,
        noun="bucket_notification_configuration",
        inputs=frozenset({"bucket", *TARGETS}),
    ),
    _Logging(
        type=types.BUCKET_LOGGING,
        noun="bucket_logging",
        result="loggingEnabled",
        inputs=frozenset({"bucket", "targetBucket", "targetPrefix"}),
    ),
)
