"""Routes of attachments."""

from typing import cast

from fastapi import Request, Response

from api.attachments.repository import DOWNLOAD_SECONDS, MAX_BYTES, UPLOAD_SECONDS
from api.attachments.schemas import (
    Attachment,
    AttachmentInput,
    AttachmentList,
    AttachmentToDownload,
    AttachmentToUpload,
    Download,
    Upload,
)
from api.attachments.service import AttachmentService
from api.definition import READ, WRITE
from api.dependencies import authorized_caller, service_of
from api.routing import feature_router
from api.schemas import CONFLICT, Identifier

router = feature_router("attachments", "/api/v1/items/{item_id}/attachments")


def _service(request: Request) -> AttachmentService:
    return cast("AttachmentService", service_of(request, "attachments"))


@router.get("")
async def list_attachments(request: Request, item_id: Identifier) -> AttachmentList:
    """Return all attachments of an item."""
    caller = authorized_caller(request, READ)
    attachments = _service(request).page(caller.owner, item_id)
    return AttachmentList(attachments=[Attachment(**vars(each)) for each in attachments])


@router.post("", status_code=201, responses=CONFLICT)
async def create_attachment(
    request: Request, response: Response, item_id: Identifier, body: AttachmentInput
) -> AttachmentToUpload:
    """Create an attachment. The response has the form that uploads the file to S3."""
    caller = authorized_caller(request, WRITE)
    created, form = _service(request).create(caller.owner, item_id, body.file_name, body.content_type)
    response.headers["Location"] = router.prefix.format(item_id=item_id) + f"/{created.id}"
    upload = Upload(url=form.url, fields=form.fields, expires_in_seconds=UPLOAD_SECONDS, max_bytes=MAX_BYTES)
    return AttachmentToUpload(**vars(created), upload=upload)


@router.get("/{attachment_id}")
async def read_attachment(request: Request, item_id: Identifier, attachment_id: Identifier) -> AttachmentToDownload:
    """Return an attachment and the URL that downloads the file from S3."""
    caller = authorized_caller(request, READ)
    attachment, url = _service(request).read(caller.owner, item_id, attachment_id)
    return AttachmentToDownload(**vars(attachment), download=Download(url=url, expires_in_seconds=DOWNLOAD_SECONDS))


@router.delete("/{attachment_id}", status_code=204, responses=CONFLICT)
async def delete_attachment(request: Request, item_id: Identifier, attachment_id: Identifier) -> None:
    """Delete an attachment and its file."""
    caller = authorized_caller(request, WRITE)
    _service(request).delete(caller.owner, item_id, attachment_id)
