"""S3 buckets, and their settings that Pulumi has as resources of their own: the id of each is its bucket."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, found_or_none
from toolkit.localcloud.provider.fields import Fields, from_aws, tag_list, tag_map, to_aws
from toolkit.resource_types import s3 as types


def _create_bucket(aws: Aws, wanted: Properties) -> str:
    s3, name = aws.client("s3"), wanted["bucket"]
    where = {} if aws.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": aws.region}}
    s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=bool(wanted.get("objectLockEnabled")), **where)
    return str(name)


def _tag_new_bucket(aws: Aws, name: str, wanted: Properties) -> None:
    if wanted["tagsAll"]:
        _bucket_tags(aws, name, wanted, wanted["tagsAll"], [])


def _read_bucket(aws: Aws, name: str, known: Properties) -> dict[str, Any] | None:
    s3 = aws.client("s3")
    if found_or_none(s3.head_bucket, Bucket=name) is None:
        return None
    return {
        "bucket": name,
        "arn": f"arn:aws:s3:::{name}",
        "bucketDomainName": f"{name}.s3.amazonaws.com",
        "bucketRegionalDomainName": f"{name}.s3.{aws.region}.amazonaws.com",
        "bucketRegion": aws.region,
        "hostedZoneId": "Z3AQBSTGFYJSTF",
        "forceDestroy": bool(known.get("forceDestroy")),
        "tagsAll": tag_map(_tag_set(s3, name)),
    }


def _tag_set(s3: Any, name: str) -> Any:
    try:
        return s3.get_bucket_tagging(Bucket=name)["TagSet"]
    except s3.exceptions.ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchTagSet":
            raise
        return []


def _update_bucket(_aws: Aws, _name: str, _state: Properties, _wanted: Properties, _changed: frozenset[str]) -> None:
    """Change nothing in AWS: only forceDestroy changes in place, which is a setting of Pulumi."""


def _delete_bucket(aws: Aws, name: str, outputs: Properties) -> None:
    s3 = aws.client("s3")
    if outputs.get("forceDestroy"):
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
            for entry in [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]:
                s3.delete_object(Bucket=name, Key=entry["Key"], VersionId=entry["VersionId"])
    s3.delete_bucket(Bucket=name)


def _bucket_tags(aws: Aws, name: str, _state: Properties, tags: Mapping[str, str], _gone: list[str]) -> None:
    aws.client("s3").put_bucket_tagging(Bucket=name, Tagging={"TagSet": tag_list(tags)})


ACCESS = {
    "blockPublicAcls": "BlockPublicAcls",
    "blockPublicPolicy": "BlockPublicPolicy",
    "ignorePublicAcls": "IgnorePublicAcls",
    "restrictPublicBuckets": "RestrictPublicBuckets",
}
OWNERSHIP = {"rule": ("Rules", {"objectOwnership": "ObjectOwnership"})}
VERSIONING = {"versioningConfiguration": ("VersioningConfiguration", {"status": "Status", "mfaDelete": "MFADelete"})}
DEFAULT_KEY = {"sseAlgorithm": "SSEAlgorithm", "kmsMasterKeyId": "KMSMasterKeyID"}
ENCRYPTION = {
    "rules": (
        "Rules",
        {
            "applyServerSideEncryptionByDefault": ("ApplyServerSideEncryptionByDefault", DEFAULT_KEY),
            "bucketKeyEnabled": "BucketKeyEnabled",
        },
    )
}
TRANSITION = {"days": "Days", "date": "Date", "storageClass": "StorageClass"}
NONCURRENT = {"noncurrentDays": "NoncurrentDays", "newerNoncurrentVersions": "NewerNoncurrentVersions"}
LIFECYCLE = {
    "rules": (
        "Rules",
        {
            "id": "ID",
            "status": "Status",
            "filter": ("Filter", {"prefix": "Prefix"}),
            "expiration": (
                "Expiration",
                {"days": "Days", "date": "Date", "expiredObjectDeleteMarker": "ExpiredObjectDeleteMarker"},
            ),
            "transitions": ("Transitions", TRANSITION),
            "noncurrentVersionExpiration": ("NoncurrentVersionExpiration", NONCURRENT),
            "noncurrentVersionTransitions": (
                "NoncurrentVersionTransitions",
                {**NONCURRENT, "storageClass": "StorageClass"},
            ),
            "abortIncompleteMultipartUpload": (
                "AbortIncompleteMultipartUpload",
                {"daysAfterInitiation": "DaysAfterInitiation"},
            ),
        },
    )
}
CORS = {
    "corsRules": (
        "CORSRules",
        {
            "id": "ID",
            "allowedMethods": "AllowedMethods",
            "allowedOrigins": "AllowedOrigins",
            "allowedHeaders": "AllowedHeaders",
            "exposeHeaders": "ExposeHeaders",
            "maxAgeSeconds": "MaxAgeSeconds",
        },
    )
}
LOGGING = {"targetBucket": "TargetBucket", "targetPrefix": "TargetPrefix"}


def _setting(
    type: str,
    inputs: frozenset[str],
    put: Callable[[Any, Properties], None],
    get: Callable[[Any, str], dict[str, Any] | None],
    remove: Callable[[Any, str], None],
) -> Entry:
    """Return the entry of a bucket's setting, which an update puts again."""

    def create(aws: Aws, wanted: Properties) -> str:
        put(aws.client("s3"), wanted)
        return str(wanted["bucket"])

    def read(aws: Aws, bucket: str, _known: Properties) -> dict[str, Any] | None:
        found = get(aws.client("s3"), bucket)
        return None if found is None else {"bucket": bucket, **found}

    def update(aws: Aws, _bucket: str, _state: Properties, wanted: Properties, _changed: frozenset[str]) -> None:
        put(aws.client("s3"), wanted)

    return Entry(
        type=type,
        inputs=inputs | {"bucket"},
        required=frozenset({"bucket"}),
        create=create,
        read=read,
        update=update,
        delete=lambda aws, bucket, _outputs: remove(aws.client("s3"), bucket),
    )


def _put_access(s3: Any, wanted: Properties) -> None:
    defaults = dict.fromkeys(ACCESS.values(), False)
    s3.put_public_access_block(
        Bucket=wanted["bucket"], PublicAccessBlockConfiguration={**defaults, **to_aws(wanted, ACCESS)}
    )


def _get_access(s3: Any, bucket: str) -> dict[str, Any] | None:
    response = found_or_none(s3.get_public_access_block, Bucket=bucket)
    return response and from_aws(response["PublicAccessBlockConfiguration"], ACCESS)


def _put_ownership(s3: Any, wanted: Properties) -> None:
    rule = to_aws(wanted, OWNERSHIP)["Rules"]
    s3.put_bucket_ownership_controls(Bucket=wanted["bucket"], OwnershipControls={"Rules": [rule]})


def _get_ownership(s3: Any, bucket: str) -> dict[str, Any] | None:
    response = found_or_none(s3.get_bucket_ownership_controls, Bucket=bucket)
    return response and {"rule": from_aws(response["OwnershipControls"], OWNERSHIP)["rule"][0]}


def _put_policy(s3: Any, wanted: Properties) -> None:
    policy = wanted["policy"]
    s3.put_bucket_policy(Bucket=wanted["bucket"], Policy=policy if isinstance(policy, str) else json.dumps(policy))


def _get_policy(s3: Any, bucket: str) -> dict[str, Any] | None:
    response = found_or_none(s3.get_bucket_policy, Bucket=bucket)
    return response and {"policy": response["Policy"]}


def _get_versioning(s3: Any, bucket: str) -> dict[str, Any] | None:
    response = found_or_none(s3.get_bucket_versioning, Bucket=bucket)
    if not response or "Status" not in response:
        return None
    return from_aws({"VersioningConfiguration": response}, VERSIONING)


def _put_logging(s3: Any, wanted: Properties) -> None:
    s3.put_bucket_logging(Bucket=wanted["bucket"], BucketLoggingStatus={"LoggingEnabled": to_aws(wanted, LOGGING)})


def _get_logging(s3: Any, bucket: str) -> dict[str, Any] | None:
    response = found_or_none(s3.get_bucket_logging, Bucket=bucket)
    return from_aws(response["LoggingEnabled"], LOGGING) if response and "LoggingEnabled" in response else None


def _as_list(put: str, get: str, argument: str, fields: Fields) -> tuple[Any, Any]:
    """Return the put and the get of a setting that is one list in AWS."""

    def put_list(s3: Any, wanted: Properties) -> None:
        getattr(s3, put)(Bucket=wanted["bucket"], **{argument: to_aws(wanted, fields)})

    def get_list(s3: Any, bucket: str) -> dict[str, Any] | None:
        response = found_or_none(getattr(s3, get), Bucket=bucket)
        return response and from_aws(response.get(argument, response), fields)

    return put_list, get_list


put_encryption, get_encryption = _as_list(
    "put_bucket_encryption", "get_bucket_encryption", "ServerSideEncryptionConfiguration", ENCRYPTION
)
put_lifecycle, get_lifecycle = _as_list(
    "put_bucket_lifecycle_configuration", "get_bucket_lifecycle_configuration", "LifecycleConfiguration", LIFECYCLE
)
put_cors, get_cors = _as_list("put_bucket_cors", "get_bucket_cors", "CORSConfiguration", CORS)


ENTRIES = (
    Entry(
        type=types.BUCKET,
        inputs=frozenset({"bucket", "bucketPrefix", "forceDestroy", "objectLockEnabled", "tags"}),
        name_property="bucket",
        make_name=str.lower,
        tags=_bucket_tags,
        create=_create_bucket,
        after_create=_tag_new_bucket,
        read=_read_bucket,
        update=_update_bucket,
        delete=_delete_bucket,
    ),
    _setting(
        types.BUCKET_PUBLIC_BLOCK,
        frozenset(ACCESS),
        _put_access,
        _get_access,
        lambda s3, bucket: s3.delete_public_access_block(Bucket=bucket),
    ),
    _setting(
        types.BUCKET_OWNERSHIP,
        frozenset(OWNERSHIP),
        _put_ownership,
        _get_ownership,
        lambda s3, bucket: s3.delete_bucket_ownership_controls(Bucket=bucket),
    ),
    _setting(
        types.BUCKET_POLICY,
        frozenset({"policy"}),
        _put_policy,
        _get_policy,
        lambda s3, bucket: s3.delete_bucket_policy(Bucket=bucket),
    ),
    _setting(
        types.BUCKET_VERSIONING,
        frozenset(VERSIONING),
        lambda s3, wanted: s3.put_bucket_versioning(Bucket=wanted["bucket"], **to_aws(wanted, VERSIONING)),
        _get_versioning,
        lambda s3, bucket: s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"}),
    ),
    _setting(
        types.BUCKET_ENCRYPTION,
        frozenset(ENCRYPTION),
        put_encryption,
        get_encryption,
        lambda s3, bucket: s3.delete_bucket_encryption(Bucket=bucket),
    ),
    _setting(
        types.BUCKET_LIFECYCLE,
        frozenset(LIFECYCLE),
        put_lifecycle,
        get_lifecycle,
        lambda s3, bucket: s3.delete_bucket_lifecycle(Bucket=bucket),
    ),
    _setting(
        types.BUCKET_CORS,
        frozenset(CORS),
        put_cors,
        get_cors,
        lambda s3, bucket: s3.delete_bucket_cors(Bucket=bucket),
    ),
    _setting(
        types.BUCKET_LOGGING,
        frozenset(LOGGING),
        _put_logging,
        _get_logging,
        lambda s3, bucket: s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={}),
    ),
)
