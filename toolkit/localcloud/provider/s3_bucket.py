"""S3 buckets."""

from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, unless_gone
from toolkit.localcloud.provider.fields import tag_list, tag_map


def _create(aws: Aws, wanted: Properties) -> str:
    s3, name = aws.client("s3"), wanted["bucket"]
    where = {} if aws.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": aws.region}}
    s3.create_bucket(Bucket=name, ObjectLockEnabledForBucket=bool(wanted.get("objectLockEnabled")), **where)
    return str(name)


def _settle(aws: Aws, name: str, wanted: Properties) -> None:
    if wanted["tagsAll"]:
        _tags(aws, name, wanted, wanted["tagsAll"], [])


def _read(aws: Aws, name: str, known: Properties) -> dict[str, Any] | None:
    s3 = aws.client("s3")
    if unless_gone(s3.head_bucket, Bucket=name) is None:
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


def _update(_aws: Aws, _name: str, _state: Properties, _wanted: Properties, _changed: frozenset[str]) -> None:
    """Only forceDestroy changes in place, and that is Pulumi's own: AWS knows nothing of it."""


def _delete(aws: Aws, name: str, outputs: Properties) -> None:
    s3 = aws.client("s3")
    if outputs.get("forceDestroy"):
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
            for entry in [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]:
                s3.delete_object(Bucket=name, Key=entry["Key"], VersionId=entry["VersionId"])
    s3.delete_bucket(Bucket=name)


def _tags(aws: Aws, name: str, _state: Properties, tags: Mapping[str, str], _gone: list[str]) -> None:
    aws.client("s3").put_bucket_tagging(Bucket=name, Tagging={"TagSet": tag_list(tags)})


ENTRIES = (
    Entry(
        type="aws:s3/bucket:Bucket",
        inputs=frozenset({"bucket", "bucketPrefix", "forceDestroy", "objectLockEnabled", "tags"}),
        replaced_by=frozenset({"bucket", "bucketPrefix", "objectLockEnabled"}),
        name_property="bucket",
        make_name=str.lower,
        tags=_tags,
        create=_create,
        settle=_settle,
        read=_read,
        update=_update,
        delete=_delete,
    ),
)
