"""The JSON of attachments."""

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
    """Name and type of the file."""

    file_name: FileName
    content_type: ContentType


class Upload(Output):
    """The form for the upload: POST the fields, and the file as the last field `file`, as multipart/form-data.

    Read or list the attachment afterwards: an upload that no request has found expires after seven days.
    """

    url: str
    fields: dict[str, str]
    expires_in_seconds: int
    max_bytes: int


class Download(Output):
    """The URL of the file; S3 returns an error until it is uploaded."""

    url: str
    expires_in_seconds: int


class Attachment(Output):
    """A file of an item; `uploaded` is true after the first request that finds the upload."""

    id: Identifier
    file_name: str
    content_type: str
    created_at: datetime
    uploaded: bool


class AttachmentToUpload(Attachment):
    """A new attachment, with the form for its upload."""

    upload: Upload


class AttachmentToDownload(Attachment):
    """An attachment, with the URL for its download."""

    download: Download


class AttachmentList(Output):
    """All attachments of an item, oldest first; at most twenty."""

    attachments: list[Attachment]
