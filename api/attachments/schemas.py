"""Attachments on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import StringConstraints

from api.schemas import Identifier, Input, Output

FileName = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r'^[^/\\"\x00-\x1f\x7f]+$')]
ContentType = Literal[
    "application/json", "application/pdf", "application/zip", "image/gif", "image/jpeg", "image/png", "image/webp",
    "text/csv", "text/plain",
]  # fmt: skip


class AttachmentInput(Input):
    """What is going to be attached."""

    file_name: FileName
    content_type: ContentType


class Upload(Output):
    """How to send the bytes: POST the fields, then the bytes as the last field `file`, as multipart/form-data.

    Read or list the attachment afterwards: bytes that no request has found within seven days expire.
    """

    url: str
    fields: dict[str, str]
    expires_in_seconds: int
    max_bytes: int


class Download(Output):
    """Where to GET the bytes; S3 refuses until they were uploaded."""

    url: str
    expires_in_seconds: int


class Attachment(Output):
    """A file that belongs to an item; `uploaded` from the first request that finds its bytes, which stay from then."""

    id: Identifier
    file_name: str
    content_type: str
    created_at: datetime
    uploaded: bool


class AttachmentToUpload(Attachment):
    """A new attachment, with the way to send its bytes."""

    upload: Upload


class AttachmentToDownload(Attachment):
    """An attachment, with the way to get its bytes."""

    download: Download


class AttachmentList(Output):
    """All attachments of an item, oldest first; an item has at most twenty."""

    attachments: list[Attachment]
