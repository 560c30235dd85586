"""Patches of moto's S3: browser uploads (POST to a bucket).

https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
"""

import base64
import hashlib
import hmac
import zlib
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import SplitResult, quote, urlencode, urlsplit, urlunsplit
from xml.parsers.expat import ExpatError
from xml.sax.saxutils import escape

from moto.s3.exceptions import InvalidArgumentError, MalformedXML, PreconditionFailed, S3ClientError
from moto.s3.models import get_canned_acl
from moto.s3.responses import S3Response
from moto.s3.utils import metadata_from_headers
from werkzeug.datastructures import ImmutableMultiDict

from toolkit.localcloud.aws.patches.s3_upload_form import UploadForm, read_form
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.s3.models:S3Backend.put_object",
    "moto.s3.models:S3Backend.put_object_tagging",
    "moto.s3.models:get_canned_acl",
    "moto.s3.responses:S3Response._authenticate_and_authorize_s3_action",
    "moto.s3.responses:S3Response._bucket_response_post",
    "moto.s3.responses:S3Response._tagging_from_xml",
    "moto.s3.responses:S3Response.backend",
    "moto.s3.responses:S3Response.bucket_response",
    "moto.s3.utils:metadata_from_headers",
)

MAX_KEY_BYTES = 1024
_DIGESTS: Mapping[str, Callable[[bytes], bytes]] = {
    "content-md5": lambda content: hashlib.md5(content, usedforsecurity=False).digest(),
    "x-amz-checksum-crc32": lambda content: zlib.crc32(content).to_bytes(4, "big"),
    "x-amz-checksum-sha1": lambda content: hashlib.sha1(content, usedforsecurity=False).digest(),
    "x-amz-checksum-sha256": lambda content: hashlib.sha256(content).digest(),
}


def patch_uploads() -> None:
    """Handle upload forms as S3 does."""
    s3: Any = S3Response
    respond, post = s3.bucket_response, s3._bucket_response_post  # noqa: SLF001 - where moto handles forms

    def bucket_response(handler: Any, request: Any, full_url: str, headers: Any) -> Any:
        handler.upload = None
        if request.method == "POST" and "delete" not in request.args:
            handler.upload = _read(request)
            fields = handler.upload.fields if isinstance(handler.upload, UploadForm) else {}
            # moto would read the form again, with another result
            request.__dict__.update(form=ImmutableMultiDict(fields), files=ImmutableMultiDict(), data=b"")
        return respond(handler, request, full_url, headers)

    def bucket_response_post(handler: Any, request: Any, bucket_name: str) -> Any:
        if handler.upload is None:
            return post(handler, request, bucket_name)
        if isinstance(handler.upload, S3ClientError):
            raise handler.upload
        return _store(handler, bucket_name, handler.upload)

    s3.bucket_response, s3._bucket_response_post = bucket_response, bucket_response_post  # noqa: SLF001 - as above


def _read(request: Any) -> UploadForm | S3ClientError:
    content_type = request.headers.get("Content-Type", "")
    if not content_type.lower().startswith("multipart/form-data"):
        return PreconditionFailed("Bucket POST must be of the enclosure-type multipart/form-data")
    try:
        return read_form(content_type, request.get_data(parse_form_data=False))
    except S3ClientError as error:
        return error


def _store(handler: Any, bucket_name: str, form: UploadForm) -> tuple[int, dict[str, str], str]:
    fields, handler.body = form.fields, form.content
    if "key" not in fields:
        sentence = (
            "Bucket POST must contain a field named 'key'. If it is specified, please check the order of the fields."
        )
        raise S3ClientError("InvalidArgument", sentence)
    if not fields["key"]:
        raise S3ClientError("InvalidArgument", "User key must have a length greater than 0.")
    if len(fields["key"].encode()) > MAX_KEY_BYTES:
        raise S3ClientError("KeyTooLongError", "Your key is too long")
    handler.data["Action"] = "PutObject"
    handler._authenticate_and_authorize_s3_action(bucket_name=bucket_name)  # noqa: SLF001 - where moto authorizes
    _check_digests(form)
    acl = _acl(fields["acl"]) if "acl" in fields else None
    tags = _tags(handler, fields["tagging"]) if "tagging" in fields else None
    stored = handler.backend.put_object(
        bucket_name,
        fields["key"],
        form.content,
        storage=fields.get("x-amz-storage-class"),
        encryption=fields.get("x-amz-server-side-encryption"),
        kms_key_id=fields.get("x-amz-server-side-encryption-aws-kms-key-id"),
        request_method="POST",
    )
    if acl is not None:
        stored.set_acl(acl)
    stored.set_metadata(metadata_from_headers(dict(fields)))
    if tags:
        handler.backend.put_object_tagging(stored, tags)
    return _answer(handler, bucket_name, fields, str(stored.etag))


def _check_digests(form: UploadForm) -> None:
    for name, digest in _DIGESTS.items():
        sent = form.fields.get(name)
        if sent is not None and not hmac.compare_digest(base64.b64encode(digest(form.content)), sent.encode()):
            raise S3ClientError("BadDigest", f"The {name} you specified did not match what we received.")


def _acl(name: str) -> Any:
    try:
        return get_canned_acl(name)
    except AssertionError as error:  # moto's for a name that it does not know
        raise InvalidArgumentError("The ACL is not one of the canned ACLs.", "acl", name) from error


def _url(text: str) -> SplitResult:
    """The parts of a URL; S3 does not redirect to an invalid URL."""
    try:
        return urlsplit(text)
    except ValueError:
        return urlsplit("")


def _tags(handler: Any, text: str) -> dict[str, str]:
    content, handler.body = handler.body, text
    try:
        found: dict[str, str] = handler._tagging_from_xml()  # noqa: SLF001 - reads S3's Tagging document from the body
    except (ExpatError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise MalformedXML from error
    finally:
        handler.body = content
    return found


def _answer(handler: Any, bucket: str, fields: Mapping[str, str], etag: str) -> tuple[int, dict[str, str], str]:
    key = fields["key"]
    place = f"{handler.normalized_request.host_url.rstrip('/')}/{bucket}/{quote(key)}"
    headers = {"ETag": etag, "Location": place}
    redirect = _url(fields.get("success_action_redirect") or fields.get("redirect") or "")
    if redirect.scheme in {"http", "https"} and redirect.netloc:
        query = "&".join(filter(None, [redirect.query, urlencode({"bucket": bucket, "key": key, "etag": etag})]))
        return 303, {**headers, "Location": urlunsplit(redirect._replace(query=query))}, ""
    status = fields.get("success_action_status")
    if status == "201":
        described = "".join(
            f"<{name}>{escape(text)}</{name}>"
            for name, text in (("Location", place), ("Bucket", bucket), ("Key", key), ("ETag", etag))
        )
        return 201, headers, f'<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse>{described}</PostResponse>'
    return (200 if status == "200" else 204), headers, ""
