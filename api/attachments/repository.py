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
from api.table import ConditionNotMetError, Record, Table, TransactionRefusedError

PENDING, KEPT = "pending/", "attachments/"
_NOTHING_THERE = {"NoSuchKey", "AccessDenied"}
"""What S3 answers for a key that does not exist: the second where the role may not list the bucket, as here
(docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, "Permissions").
"""


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
            "pending": 1,
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

    def confirm(self, owner: str, item_id: str, attachment_id: str) -> bool:
        """Write down that it is uploaded; False if there is no such attachment."""
        name, exists = _record_name(item_id, attachment_id), "attribute_exists(#record)"
        try:
            self._table.update(self._table.update_request(owner, name, "REMOVE #pending", exists, {}))
        except ConditionNotMetError:
            return False
        return True

    def delete(self, owner: str, item_id: str, attachment: Attachment) -> bool:
        """Delete it and count it off, or neither; False if it was confirmed since it was read."""
        as_read = "attribute_exists(#record)" if attachment.uploaded else "attribute_exists(#pending)"
        gone = self._table.delete_request(owner, _record_name(item_id, attachment.id), as_read)
        count = self._count(owner, item_id, "attribute_exists(#record)", {":change": -1})
        try:
            self._table.transact([("Delete", gone), ("Update", count)])
        except TransactionRefusedError as refusal:
            code, record = refusal.reasons[0]
            if code != "ConditionalCheckFailed":
                raise ConflictError("Another request is changing this item right now; try again.") from None
            if record:
                return False
            raise NotFoundError(f"Your item {item_id} has no attachment {attachment.id}.") from None
        return True

    def _count(self, owner: str, item_id: str, condition: str, values: Record) -> dict[str, Any]:
        return self._table.update_request(owner, f"item#{item_id}", "ADD #attachment_count :change", condition, values)


class S3Files:
    """The attachment bucket; its client is made when the first attachment asks for it.

    A form uploads below `pending/`, where a lifecycle rule expires every object, also one that is posted after its
    attachment was deleted. What is confirmed is copied below `attachments/`, where no form leads.
    """

    def __init__(self, client: Callable[[], Any], bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def upload_form(self, path: str, content_type: str) -> PresignedPost:
        """A form whose policy document binds path, type and size: S3 refuses anything else."""
        form = self._client().generate_presigned_post(
            self._bucket,
            PENDING + path,
            Fields={"Content-Type": content_type},
            Conditions=[{"Content-Type": content_type}, ["content-length-range", 1, MAX_BYTES]],
            ExpiresIn=UPLOAD_SECONDS,
        )
        return PresignedPost(form["url"], form["fields"])

    def confirm(self, path: str) -> bool:
        """Keep the bytes that were uploaded last; False if there are none."""
        client = self._client()
        source = {"Bucket": self._bucket, "Key": PENDING + path}
        try:
            client.copy_object(Bucket=self._bucket, Key=KEPT + path, CopySource=source)
        except client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in _NOTHING_THERE:
                return False
            raise
        return True

    def download_url(self, path: str, attachment: Attachment) -> str:
        """A URL that makes browsers save the bytes, never show them in the API's name."""
        request = {
            "Bucket": self._bucket,
            "Key": (KEPT if attachment.uploaded else PENDING) + path,
            "ResponseContentType": attachment.content_type,
            "ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(attachment.file_name, safe='')}",
        }
        url: str = self._client().generate_presigned_url("get_object", Params=request, ExpiresIn=DOWNLOAD_SECONDS)
        return url

    def delete(self, path: str) -> None:
        """Delete the bytes, confirmed or not, if there are any."""
        for prefix in (PENDING, KEPT):
            self._client().delete_object(Bucket=self._bucket, Key=prefix + path)


def _record_name(item_id: str, attachment_id: str) -> str:
    return f"attachment#{item_id}#{attachment_id}"


def _attachment(record: Record) -> Attachment:
    return Attachment(
        id=record["record"].rpartition("#")[2],
        file_name=record["file_name"],
        content_type=record["content_type"],
        created_at=datetime.fromisoformat(record["created_at"]),
        uploaded="pending" not in record,
    )
