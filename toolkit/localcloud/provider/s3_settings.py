"""The settings of an S3 bucket that Pulumi has as resources of their own; each one's id is its bucket."""

import json
from collections.abc import Callable
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, unless_gone
from toolkit.localcloud.provider.fields import Fields, from_aws, to_aws

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
    """An entry that lays a setting on a bucket, whole: changing it is laying it again."""

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
        replaced_by=frozenset({"bucket"}),
        create=create,
        read=read,
        update=update,
        delete=lambda aws, bucket, _outputs: remove(aws.client("s3"), bucket),
    )


def _put_access(s3: Any, wanted: Properties) -> None:
    unsaid = dict.fromkeys(ACCESS.values(), False)
    s3.put_public_access_block(
        Bucket=wanted["bucket"], PublicAccessBlockConfiguration={**unsaid, **to_aws(wanted, ACCESS)}
    )


def _get_access(s3: Any, bucket: str) -> dict[str, Any] | None:
    answer = unless_gone(s3.get_public_access_block, Bucket=bucket)
    return answer and from_aws(answer["PublicAccessBlockConfiguration"], ACCESS)


def _put_ownership(s3: Any, wanted: Properties) -> None:
    rule = to_aws(wanted, OWNERSHIP)["Rules"]
    s3.put_bucket_ownership_controls(Bucket=wanted["bucket"], OwnershipControls={"Rules": [rule]})


def _get_ownership(s3: Any, bucket: str) -> dict[str, Any] | None:
    answer = unless_gone(s3.get_bucket_ownership_controls, Bucket=bucket)
    return answer and {"rule": from_aws(answer["OwnershipControls"], OWNERSHIP)["rule"][0]}


def _put_policy(s3: Any, wanted: Properties) -> None:
    policy = wanted["policy"]
    s3.put_bucket_policy(Bucket=wanted["bucket"], Policy=policy if isinstance(policy, str) else json.dumps(policy))


def _get_policy(s3: Any, bucket: str) -> dict[str, Any] | None:
    answer = unless_gone(s3.get_bucket_policy, Bucket=bucket)
    return answer and {"policy": answer["Policy"]}


def _get_versioning(s3: Any, bucket: str) -> dict[str, Any] | None:
    answer = unless_gone(s3.get_bucket_versioning, Bucket=bucket)
    if not answer or "Status" not in answer:
        return None
    return from_aws({"VersioningConfiguration": answer}, VERSIONING)


def _put_logging(s3: Any, wanted: Properties) -> None:
    s3.put_bucket_logging(Bucket=wanted["bucket"], BucketLoggingStatus={"LoggingEnabled": to_aws(wanted, LOGGING)})


def _get_logging(s3: Any, bucket: str) -> dict[str, Any] | None:
    answer = unless_gone(s3.get_bucket_logging, Bucket=bucket)
    return from_aws(answer["LoggingEnabled"], LOGGING) if answer and "LoggingEnabled" in answer else None


def _whole(put: str, get: str, argument: str, fields: Fields) -> tuple[Any, Any]:
    """Put and get of a setting that AWS takes and answers as one list."""

    def lay(s3: Any, wanted: Properties) -> None:
        getattr(s3, put)(Bucket=wanted["bucket"], **{argument: to_aws(wanted, fields)})

    def look(s3: Any, bucket: str) -> dict[str, Any] | None:
        answer = unless_gone(getattr(s3, get), Bucket=bucket)
        return answer and from_aws(answer.get(argument, answer), fields)

    return lay, look


put_encryption, get_encryption = _whole(
    "put_bucket_encryption", "get_bucket_encryption", "ServerSideEncryptionConfiguration", ENCRYPTION
)
put_lifecycle, get_lifecycle = _whole(
    "put_bucket_lifecycle_configuration", "get_bucket_lifecycle_configuration", "LifecycleConfiguration", LIFECYCLE
)
put_cors, get_cors = _whole("put_bucket_cors", "get_bucket_cors", "CORSConfiguration", CORS)

ENTRIES = (
    _setting(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        frozenset(ACCESS),
        _put_access,
        _get_access,
        lambda s3, bucket: s3.delete_public_access_block(Bucket=bucket),
    ),
    _setting(
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        frozenset(OWNERSHIP),
        _put_ownership,
        _get_ownership,
        lambda s3, bucket: s3.delete_bucket_ownership_controls(Bucket=bucket),
    ),
    _setting(
        "aws:s3/bucketPolicy:BucketPolicy",
        frozenset({"policy"}),
        _put_policy,
        _get_policy,
        lambda s3, bucket: s3.delete_bucket_policy(Bucket=bucket),
    ),
    _setting(
        "aws:s3/bucketVersioning:BucketVersioning",
        frozenset(VERSIONING),
        lambda s3, wanted: s3.put_bucket_versioning(Bucket=wanted["bucket"], **to_aws(wanted, VERSIONING)),
        _get_versioning,
        lambda s3, bucket: s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"}),
    ),
    _setting(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        frozenset(ENCRYPTION),
        put_encryption,
        get_encryption,
        lambda s3, bucket: s3.delete_bucket_encryption(Bucket=bucket),
    ),
    _setting(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        frozenset(LIFECYCLE),
        put_lifecycle,
        get_lifecycle,
        lambda s3, bucket: s3.delete_bucket_lifecycle(Bucket=bucket),
    ),
    _setting(
        "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
        frozenset(CORS),
        put_cors,
        get_cors,
        lambda s3, bucket: s3.delete_bucket_cors(Bucket=bucket),
    ),
    _setting(
        "aws:s3/bucketLogging:BucketLogging",
        frozenset(LOGGING),
        _put_logging,
        _get_logging,
        lambda s3, bucket: s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={}),
    ),
)
