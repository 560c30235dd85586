"""Attachments in DynamoDB (`attachment#<item>#<id>` records, counted in their item) and their bytes in S3."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from api.attachments.service import (
    DOWNLOAD_SECONDS,
    MAX_BYTES,
    MAX_PER_ITEM,
    UPLOAD_SECONDS,
    Attachment,
    PresignedPost,
)
from api.errors import ConflictError, NotFoundError
from api.table import Record, Table, TransactionRefusedError


class DynamoAttachments:
    """The item table as a repository of attachments."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def page(self, owner: str, item_id: str) -> list[Attachment] | None:
        """All attachments of the item, oldest first; None if there is no such item."""
        found = self._table.query(owner, _record_name(item_id, ""), after=None, limit=MAX_PER_ITEM)
        if not found and self._table.get(owner, f"item#{item_id}") is None:
            return None
        return [_attachment(record) for record in found]

    def read(self, owner: str, item_id: str, attachment_id: str) -> Attachment | None:
        """The attachment, or None."""
        record = self._table.get(owner, _record_name(item_id, attachment_id))
        return None if record is None else _attachment(record)

    def create(self, owner: str, item_id: str, attachment: Attachment) -> None:
        """Write it down and count it, or neither."""
        record: Record = {
            "owner": owner,
            "record": _record_name(item_id, attachment.id),
            "file_name": attachment.file_name,
            "content_type": attachment.content_type,
            "created_at": attachment.created_at.isoformat(),
        }
        count = self._count(
            owner,
            item_id,
            "attribute_exists(#record) AND (attribute_not_exists(#attachment_count) OR #attachment_count < :max)",
            {":change": 1, ":max": MAX_PER_ITEM},
        )
        put = self._table.put_request(record, "attribute_not_exists(#record)")
        try:
            self._table.transact([("Update", count), ("Put", put)])
        except TransactionRefusedError as refusal:
            code, item = refusal.reasons[0]
            if code != "ConditionalCheckFailed":
                raise ConflictError("Another request is changing this item right now; try again.") from None
            if not item:
                raise NotFoundError(f"You have no item {item_id}.") from None
            raise ConflictError(f"The item has {MAX_PER_ITEM} attachments; delete one first.") from None

    def delete(self, owner: str, item_id: str, attachment_id: str) -> None:
        """Forget it and count it off, or neither."""
        gone = self._table.delete_request(owner, _record_name(item_id, attachment_id), "attribute_exists(#record)")
        count = self._count(owner, item_id, "attribute_exists(#record)", {":change": -1})
        try:
            self._table.transact([("Delete", gone), ("Update", count)])
        except TransactionRefusedError as refusal:
            if refusal.reasons[0][0] == "ConditionalCheckFailed":
                raise NotFoundError(f"Your item {item_id} has no attachment {attachment_id}.") from None
            raise ConflictError("Another request is changing this item right now; try again.") from None

    def _count(self, owner: str, item_id: str, condition: str, values: Record) -> dict[str, Any]:
        return self._table.update_request(owner, f"item#{item_id}", "ADD #attachment_count :change", condition, values)


class S3Files:
    """The attachment bucket; its client is made when the first attachment asks for it."""

    def __init__(self, client: Callable[[], Any], bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def upload_form(self, path: str, content_type: str) -> PresignedPost:
        """A form whose policy document binds path, type and size: S3 refuses anything else."""
        form = self._client().generate_presigned_post(
            self._bucket,
            path,
            Fields={"Content-Type": content_type},
            Conditions=[{"Content-Type": content_type}, ["content-length-range", 1, MAX_BYTES]],
            ExpiresIn=UPLOAD_SECONDS,
        )
        return PresignedPost(form["url"], form["fields"])

    def download_url(self, path: str, attachment: Attachment) -> str:
        """A URL that makes browsers save the bytes, never show them in the API's name."""
        request = {
            "Bucket": self._bucket,
            "Key": path,
            "ResponseContentType": attachment.content_type,
            "ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(attachment.file_name, safe='')}",
        }
        url: str = self._client().generate_presigned_url("get_object", Params=request, ExpiresIn=DOWNLOAD_SECONDS)
        return url

    def delete(self, path: str) -> None:
        """Delete the bytes, if there are any."""
        self._client().delete_object(Bucket=self._bucket, Key=path)


def _record_name(item_id: str, attachment_id: str) -> str:
    return f"attachment#{item_id}#{attachment_id}"


def _attachment(record: Record) -> Attachment:
    return Attachment(
        id=record["record"].rpartition("#")[2],
        file_name=record["file_name"],
        content_type=record["content_type"],
        created_at=datetime.fromisoformat(record["created_at"]),
    )
