"""The authorization requirements of calls to S3, with S3's condition keys.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

from toolkit.localcloud.aws.authorization.requirements import Requirement

_BUCKET = {
    "accelerate": "AccelerateConfiguration",
    "acl": "BucketAcl",
    "analytics": "AnalyticsConfiguration",
    "cors": "BucketCORS",
    "encryption": "EncryptionConfiguration",
    "intelligent-tiering": "IntelligentTieringConfiguration",
    "inventory": "InventoryConfiguration",
    "lifecycle": "LifecycleConfiguration",
    "logging": "BucketLogging",
    "metrics": "MetricsConfiguration",
    "notification": "BucketNotification",
    "object-lock": "BucketObjectLockConfiguration",
    "ownershipControls": "BucketOwnershipControls",
    "policy": "BucketPolicy",
    "publicAccessBlock": "BucketPublicAccessBlock",
    "replication": "ReplicationConfiguration",
    "requestPayment": "BucketRequestPayment",
    "tagging": "BucketTagging",
    "versioning": "BucketVersioning",
    "website": "BucketWebsite",
}
_DELETED_BY_NAME = {"policy", "website"}  # the other settings of a bucket are deleted with the permission to put them
_LISTS = {
    "location": "GetBucketLocation",
    "policyStatus": "GetBucketPolicyStatus",
    "uploads": "ListBucketMultipartUploads",
    "versions": "ListBucketVersions",
}
_OBJECT = {"acl": "Acl", "tagging": "Tagging", "retention": "Retention", "legal-hold": "LegalHold"}
_HEADERS = (
    "x-amz-acl",
    "x-amz-copy-source",
    "x-amz-grant-full-control",
    "x-amz-grant-read",
    "x-amz-metadata-directive",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-storage-class",
    "x-amz-content-sha256",
)
_QUERY = ("prefix", "delimiter", "max-keys", "versionid")


def s3_requirements(method: str, resource: str, query: Mapping[str, str], sent: Mapping[str, str]) -> list[Requirement]:
    """Return the requirements of a call for a bucket or an object (ARN); `sent`: its headers, or a form's fields."""
    keys = _keys(query, sent)
    if resource.endswith(":::*"):
        return [Requirement("ListAllMyBuckets", "*", keys)]
    if "/" not in resource:
        return [Requirement(_bucket_action(method, query), resource, keys)]
    requirements = [Requirement(_object_action(method, query), resource, keys)]
    if method in {"PUT", "POST"} and requirements[0].action == "PutObject":
        requirements.extend(_with_object(resource, sent, keys))
    return requirements


def _bucket_action(method: str, query: Mapping[str, str]) -> str:
    setting = next((name for name in _BUCKET if name in query), None)
    if method in {"GET", "HEAD"}:
        listed = next((action for name, action in _LISTS.items() if name in query), "ListBucket")
        return f"Get{_BUCKET[setting]}" if setting else listed
    if setting is None:
        return {"PUT": "CreateBucket", "DELETE": "DeleteBucket", "POST": "PutObject"}.get(method, "ListBucket")
    verb = "Delete" if method == "DELETE" and setting in _DELETED_BY_NAME else "Put"
    return f"{verb}{_BUCKET[setting]}"


def _object_action(method: str, query: Mapping[str, str]) -> str:
    verb = {"GET": "Get", "HEAD": "Get", "DELETE": "Delete"}.get(method, "Put")
    version = "Version" if "versionId" in query else ""
    if "uploadId" in query and method in {"GET", "DELETE"}:
        return "ListMultipartUploadParts" if method == "GET" else "AbortMultipartUpload"
    if "restore" in query:
        return "RestoreObject"
    if "attributes" in query:
        return f"GetObject{version}Attributes"
    part = next((name for name in _OBJECT if name in query), None)
    if part in {"retention", "legal-hold"}:
        return f"{verb}Object{_OBJECT[part]}"
    if part:
        return f"{verb}Object{version}{_OBJECT[part]}"
    return f"{verb}Object{version}" if verb != "Put" else "PutObject"


def _with_object(
    resource: str, sent: Mapping[str, str], keys: Mapping[str, str | tuple[str, ...]]
) -> Iterator[Requirement]:
    """Yield what an upload requires beyond s3:PutObject: its tags and grants, and the object that it copies."""
    if "x-amz-tagging" in sent or "tagging" in sent:
        yield Requirement("PutObjectTagging", resource, keys)
    if "x-amz-acl" in sent or "acl" in sent or any(name.startswith("x-amz-grant-") for name in sent):
        yield Requirement("PutObjectAcl", resource, keys)
    if "x-amz-copy-source" in sent:
        source, _, query = sent["x-amz-copy-source"].partition("?")
        version = "Version" if "versionId=" in query else ""
        yield Requirement(f"GetObject{version}", f"arn:aws:s3:::{unquote(source).lstrip('/')}", keys)


def _keys(query: Mapping[str, str], sent: Mapping[str, str]) -> dict[str, str | tuple[str, ...]]:
    keys: dict[str, str | tuple[str, ...]] = {"s3:signatureversion": "AWS4-HMAC-SHA256"}
    by_header = "authorization" in sent
    keys["s3:authtype"] = "POST" if "policy" in sent else "REST-HEADER" if by_header else "REST-QUERY-STRING"
    lowered = {name.lower(): value for name, value in query.items()}
    keys.update({f"s3:{name}": lowered[name] for name in _QUERY if name in lowered})
    keys.update({f"s3:{name}": sent[name] for name in _HEADERS if name in sent})
    if "acl" in sent:  # a form's field
        keys["s3:x-amz-acl"] = sent["acl"]
    tags = dict(parse_qsl(sent.get("x-amz-tagging", "")))
    keys.update({f"s3:requestobjecttag/{name.lower()}": value for name, value in tags.items()})
    if tags:
        keys["s3:requestobjecttagkeys"] = tuple(tags)
    return keys


def lower_case(sent: Any) -> dict[str, str]:
    """Return headers or fields with their names in lower case."""
    return {str(name).lower(): str(value) for name, value in sent.items()}
