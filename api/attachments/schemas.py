"""The JSON of attachments."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from api.schemas import Identifier, Input, Output, example

FileName = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r'^[^/\\"\x00-\x1f\x7f]+$')]
ContentType = Literal[
    "application/json", "application/pdf", "application/zip", "image/gif", "image/jpeg", "image/png", "image/webp",
    "text/csv", "text/plain",
]  # fmt: skip


_FILE: dict[str, Any] = {"file_name": "manual.pdf", "content_type": "application/pdf"}
_STORED: dict[str, Any] = {
    "id": "019a4f70-0a00-7c11-8d2e-6b1f0a523d5e",
    **_FILE,
    "created_at": "2026-11-30T09:20:00Z",
    "uploaded": True,
}
_UPLOAD: dict[str, Any] = {
    "url": "https://example-bucket.s3.eu-central-1.amazonaws.com/",
    "fields": {"key": "pending/…", "Content-Type": "application/pdf", "policy": "…", "x-amz-signature": "…"},
    "expires_in_seconds": 600,
    "max_bytes": 10_485_760,
}
_DOWNLOAD: dict[str, Any] = {
    "url": "https://example-bucket.s3.eu-central-1.amazonaws.com/attachments/…",
    "expires_in_seconds": 300,
}


class AttachmentInput(Input):
    """Name and type of the file."""

    model_config = example(**_FILE)

    file_name: FileName
    content_type: ContentType


class Upload(Output):
    """The form for the upload: POST the fields, and the file as the last field `file`, as multipart/form-data.

    Read or list the attachment afterwards: an upload that no request has found expires after seven days.
    """

    model_config = example(**_UPLOAD)

    url: str
    fields: dict[str, str]
    expires_in_seconds: int
    max_bytes: int


class Download(Output):
    """The URL of the file; S3 returns an error until it is uploaded."""

    model_config = example(**_DOWNLOAD)

    url: str
    expires_in_seconds: int


class Attachment(Output):
    """A file of an item; `uploaded` is true after the first request that finds the upload."""

    model_config = example(**_STORED)

    id: Identifier
    file_name: str
    content_type: str
    created_at: datetime
    uploaded: bool


class AttachmentToUpload(Attachment):
    """A new attachment, with the form for its upload."""

    model_config = example(**{**_STORED, "uploaded": False}, upload=_UPLOAD)

    upload: Upload


class AttachmentToDownload(Attachment):
    """An attachment, with the URL for its download."""

    model_config = example(**_STORED, download=_DOWNLOAD)

    download: Download


class AttachmentList(Output):
    """All attachments of an item, oldest first; at most twenty."""

    model_config = example(attachments=[_STORED])

    attachments: list[Attachment]
