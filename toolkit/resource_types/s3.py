"""Resource types of Amazon S3."""

from toolkit.resource_types.automatic_names import NameForm
from toolkit.resource_types.data_loss.checks import keeps, not_shorter, stays, unchanged
from toolkit.resource_types.data_loss.lifecycle import expires_no_more
from toolkit.resource_types.data_loss.policies import leaves_access
from toolkit.resource_types.data_loss.stored_data import OLD_KEY, PROTECTION, StoredData, policy_of
from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs, generated_id
from toolkit.resource_types.permissions import Permissions
from toolkit.resource_types.record import FREE_PERMISSION, HOLDS_NOTHING, ResourceType

ACCESS_POINT = "aws:s3/accessPoint:AccessPoint"
ACCESS_POINT_POLICY = "aws:s3control/accessPointPolicy:AccessPointPolicy"
BUCKET = "aws:s3/bucket:Bucket"
BUCKET_ACL = "aws:s3/bucketAcl:BucketAcl"
BUCKET_CORS = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration"
BUCKET_ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
BUCKET_LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
BUCKET_LOGGING = "aws:s3/bucketLogging:BucketLogging"
BUCKET_NOTIFICATION = "aws:s3/bucketNotification:BucketNotification"
BUCKET_OWNERSHIP = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
BUCKET_PUBLIC_BLOCK = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
BUCKET_REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
BUCKET_VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
BUCKET_WEBSITE = "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration"

_IN_BUCKET = "part of the bucket, which is priced by storage and requests"
_BUCKET_AND_OWNER = ("bucket", "expectedBucketOwner")
_BUCKETS = ("arn:aws:s3:::{name}",)


def _of_bucket(put: str, get: str, delete: str = "") -> Permissions:
    return Permissions(on=_BUCKETS, create=put, update=put, delete=delete or put, read=get)


EMPTYING = Permissions(
    on=_BUCKETS,
    delete="ListBucketVersions",
    also=Permissions(on=("arn:aws:s3:::{name}/*",), delete="DeleteObject DeleteObjectVersion"),
)
"""The actions that delete a bucket together with its objects (forceDestroy).

They list and delete versions and delete markers, and nothing else. A bucket without Object Lock has no legal hold to
remove and no retention to bypass (terraform-provider-aws, internal/service/s3/delete.go, read 2026-11-30).
"""


def _bucket(new: NewResource) -> PreviewOutputs:
    name = new.named("bucket")
    arn = new.arn("s3", name, region=False, account=False)
    outputs = {
        "bucket": name,
        "arn": arn,
        "bucketDomainName": f"{name}.s3.{new.place.dns_suffix}",
        "bucketRegionalDomainName": f"{name}.s3.{new.region}.{new.place.dns_suffix}",
        "region": new.region,
    }
    return PreviewOutputs(name, outputs)


def _bucket_object(new: NewResource) -> PreviewOutputs:
    key = new.named("key")
    arn = new.arn("s3", f"{new.inputs['bucket']}/{key}", region=False, account=False)
    return PreviewOutputs(key, {"key": key, "arn": arn})


_NAMES = NameForm(
    63,
    property="bucket",
    pattern=r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
    accepted="3 to 63 of a-z, 0-9, . and -, beginning and ending with a letter or digit",
    adapt=str.lower,
)
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"""


TYPES = (
    ResourceType("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", free=FREE_PERMISSION),
    ResourceType(
        BUCKET,
        name=_NAMES,
        replaced_by=("bucket", "bucketPrefix", "objectLockEnabled"),
        data=StoredData(
            "every object of the bucket, old versions included",
            checks=(
                expires_no_more("lifecycleRules"),
                stays(
                    "versioning",
                    "enabled",
                    what="suspends its versioning",
                    lost="objects that are overwritten or deleted later",
                ),
                stays("objectLockEnabled", what="disables S3 Object Lock", lost=PROTECTION),
                leaves_access("policy", service="s3"),
                keeps(
                    *("replicationConfiguration", "rules"),
                    by=("destination", "bucket"),
                    what="no longer replicates to",
                    lost="the copies of later objects",
                ),
            ),
        ),
        preview=_bucket,
        permissions=Permissions(
            on=_BUCKETS,
            # The provider tags a bucket with TagResource, and with PutBucketTagging where that is denied.
            create="CreateBucket TagResource PutBucketTagging",
            update="TagResource UntagResource PutBucketTagging",
            delete="DeleteBucket",
            read=(
                "ListBucket GetBucketAcl GetBucketTagging GetBucketLogging GetBucketWebsite"
                " GetBucketRequestPayment GetAccelerateConfiguration GetReplicationConfiguration"
                " GetBucketObjectLockConfiguration GetBucketLocation ListTagsForResource GetBucketPolicy GetBucketCORS"
                " GetLifecycleConfiguration GetEncryptionConfiguration GetBucketVersioning"
            ),
        ),
    ),
    ResourceType(BUCKET_ACL, free=_IN_BUCKET),
    ResourceType(
        BUCKET_CORS,
        replaced_by=_BUCKET_AND_OWNER,
        data=HOLDS_NOTHING,
        preview=generated_id,
        permissions=_of_bucket("PutBucketCORS", "GetBucketCORS"),
        free=_IN_BUCKET,
    ),
    ResourceType(
        BUCKET_LIFECYCLE,
        replaced_by=_BUCKET_AND_OWNER,
        data=StoredData(setting_of="bucket", checks=(expires_no_more("rules"),)),
        preview=generated_id,
        permissions=_of_bucket(
            # ListBucketVersions: whether the first rules of a bucket find anything to delete.
            "PutLifecycleConfiguration",
            "GetLifecycleConfiguration ListBucketVersions",
        ),
    ),
    ResourceType(
        BUCKET_LOGGING,
        replaced_by=_BUCKET_AND_OWNER,
        data=StoredData(missed="the record of later accesses"),
        preview=generated_id,
        free="writing access logs is free; keeping them is priced at the bucket",
    ),
    ResourceType(
        BUCKET_NOTIFICATION,
        replaced_by=("bucket",),
        data=HOLDS_NOTHING,
        preview=generated_id,
        permissions=_of_bucket("PutBucketNotification", "GetBucketNotification"),
        free=_IN_BUCKET,
        no_rule="is evaluated with its bucket and its functions",
    ),
    ResourceType("aws:s3/bucketObject:BucketObject", data=StoredData("the object"), preview=_bucket_object),
    ResourceType(
        "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        data=StoredData(
            setting_of="bucket",
            checks=(
                *(
                    not_shorter("rule", "defaultRetention", unit, default=0, unit=unit, lost=PROTECTION)
                    for unit in ("days", "years")
                ),
                stays(
                    "rule",
                    "defaultRetention",
                    "mode",
                    on=("COMPLIANCE",),
                    what="leaves COMPLIANCE mode",
                    lost=PROTECTION,
                ),
            ),
        ),
        free=_IN_BUCKET,
    ),
    ResourceType("aws:s3/bucketObjectv2:BucketObjectv2", data=StoredData("the object"), preview=_bucket_object),
    ResourceType(
        BUCKET_OWNERSHIP,
        replaced_by=("bucket",),
        data=HOLDS_NOTHING,
        preview=generated_id,
        permissions=_of_bucket("PutBucketOwnershipControls", "GetBucketOwnershipControls"),
        free=_IN_BUCKET,
    ),
    ResourceType(
        BUCKET_POLICY,
        replaced_by=("bucket",),
        data=policy_of("s3", setting_of="bucket"),
        preview=generated_id,
        permissions=_of_bucket("PutBucketPolicy", "GetBucketPolicy", "DeleteBucketPolicy"),
        free=FREE_PERMISSION,
    ),
    ResourceType(
        BUCKET_PUBLIC_BLOCK,
        replaced_by=("bucket",),
        data=HOLDS_NOTHING,
        preview=generated_id,
        permissions=_of_bucket("PutBucketPublicAccessBlock", "GetBucketPublicAccessBlock"),
        free=_IN_BUCKET,
    ),
    ResourceType(
        BUCKET_REPLICATION,
        data=StoredData(
            setting_of="bucket",
            checks=(
                keeps(
                    "rules",
                    by=("destination", "bucket"),
                    what="no longer replicates to",
                    lost="the copies of later objects",
                ),
            ),
        ),
        no_rule="is evaluated with its bucket",
    ),
    ResourceType(
        "aws:s3/bucketRequestPaymentConfiguration:BucketRequestPaymentConfiguration",
        free=_IN_BUCKET,
    ),
    ResourceType(
        BUCKET_ENCRYPTION,
        replaced_by=_BUCKET_AND_OWNER,
        data=StoredData(
            checks=(
                unchanged(
                    *("rules", "applyServerSideEncryptionByDefault", "kmsMasterKeyId"),
                    what="changes its encryption key",
                    lost=OLD_KEY,
                ),
            ),
        ),
        preview=generated_id,
        permissions=_of_bucket("PutEncryptionConfiguration", "GetEncryptionConfiguration"),
        free=_IN_BUCKET,
    ),
    ResourceType(
        BUCKET_VERSIONING,
        replaced_by=_BUCKET_AND_OWNER,
        data=StoredData(
            setting_of="bucket",
            checks=(
                stays(
                    *("versioningConfiguration", "status"),
                    on=("Enabled",),
                    what="suspends the bucket's versioning",
                    lost="objects that are overwritten or deleted later",
                ),
            ),
        ),
        preview=generated_id,
        permissions=_of_bucket("PutBucketVersioning", "GetBucketVersioning"),
        free="older versions are priced as storage at the bucket",
    ),
    ResourceType(BUCKET_WEBSITE, free=_IN_BUCKET),
    ResourceType("aws:s3/directoryBucket:DirectoryBucket", data=StoredData("every object of the bucket")),
    ResourceType("aws:s3/objectCopy:ObjectCopy", data=StoredData("the object")),
    ResourceType(ACCESS_POINT, free="requests are priced at the bucket"),
)
