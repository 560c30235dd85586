"""Routes of attachments."""

from fastapi import APIRouter

from api.attachments.schemas import (
    Attachment,
    AttachmentInput,
    AttachmentList,
    AttachmentToDownload,
    AttachmentToUpload,
    Download,
    Upload,
)
from api.attachments.service import DOWNLOAD_SECONDS, MAX_BYTES, UPLOAD_SECONDS
from api.caller import READ, WRITE
from api.dependencies import Attachments, CurrentCaller
from api.schemas import Identifier

router = APIRouter(prefix="/api/v1/items/{item_id}/attachments", tags=["attachments"])


@router.get("")
async def list_attachments(item_id: Identifier, caller: CurrentCaller, attachments: Attachments) -> AttachmentList:
    """All attachments of an item."""
    caller.require_scope(READ)
    found = attachments.page(caller.owner, item_id)
    return AttachmentList(attachments=[Attachment(**vars(each)) for each in found])


@router.post("", status_code=201)
async def create_attachment(
    item_id: Identifier, body: AttachmentInput, caller: CurrentCaller, attachments: Attachments
) -> AttachmentToUpload:
    """Announce an attachment and get the form that uploads it, straight to S3."""
    caller.require_scope(WRITE)
    created, form = attachments.create(caller.owner, item_id, body.file_name, body.content_type)
    upload = Upload(url=form.url, fields=form.fields, expires_in_seconds=UPLOAD_SECONDS, max_bytes=MAX_BYTES)
    return AttachmentToUpload(**vars(created), upload=upload)


@router.get("/{attachment_id}")
async def read_attachment(
    item_id: Identifier, attachment_id: Identifier, caller: CurrentCaller, attachments: Attachments
) -> AttachmentToDownload:
    """An attachment and the URL that downloads it, straight from S3."""
    caller.require_scope(READ)
    found, url = attachments.read(caller.owner, item_id, attachment_id)
    return AttachmentToDownload(**vars(found), download=Download(url=url, expires_in_seconds=DOWNLOAD_SECONDS))


@router.delete("/{attachment_id}", status_code=204)
async def delete_attachment(
    item_id: Identifier, attachment_id: Identifier, caller: CurrentCaller, attachments: Attachments
) -> None:
    """Delete an attachment and its bytes."""
    caller.require_scope(WRITE)
    attachments.delete(caller.owner, item_id, attachment_id)
