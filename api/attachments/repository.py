"""Attachments: `attachment#<item>#<id>` records in DynamoDB, counted in their item, and files in S3."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import quote

from api.errors import ConflictError, NotFoundError
from api.table import ConditionNotMetError, Record, Table, TransactionCancelledError

MAX_BYTES = 10 * 1024 * 1024
MAX_PER_ITEM = 20
UPLOAD_SECONDS = 600
DOWNLOAD_SECONDS = 300
PENDING, CONFIRMED = "pending/", "attachments/"
_NO_SUCH_KEY = {"NoSuchKey", "AccessDenied"}
"""S3's error codes for a key that does not exist: the second one where the role may not list the bucket, as here
(docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html, "Permissions").
"""


@dataclass(frozen=True)
class Attachment:
    """A file that belongs to an item."""

    id: str
    file_name: str
    content_type: str
    created_at: datetime
    uploaded: bool
    """Whether a request has found the upload and confirmed it; then it does not expire."""


class PresignedPost(NamedTuple):
    """A presigned POST: S3 accepts it without other credentials."""

    url: str
    fields: dict[str, str]


class DynamoAttachments:
    """The repository of attachments in the item table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def page(self, owner: str, item_id: str) -> list[Attachment] | None:
        """Return all attachments of the item, oldest first; None if the item does not exist."""
        records = self._table.query(owner, _record_name(item_id, ""), after=None, limit=MAX_PER_ITEM)
        if not records and self._table.get(owner, f"item#{item_id}") is None:
            return None
        return [_attachment(record) for record in records]

    def read(self, owner: str, item_id: str, attachment_id: str) -> Attachment | None:
        """Return the attachment, or None."""
        record = self._table.get(owner, _record_name(item_id, attachment_id))
        return None if record is None else _attachment(record)

    def create(self, owner: str, item_id: str, attachment: Attachment) -> None:
        """Store the attachment and count it, in one transaction.

        Raise NotFoundError without the item, ConflictError if it has MAX_PER_ITEM.
        """
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
        except TransactionCancelledError as failure:
            code, item = failure.reasons[0]
            if code != "ConditionalCheckFailed":
                raise ConflictError("Another request is changing this item. Try again.") from None
            if not item:
                raise NotFoundError(f"The item {item_id} does not exist.") from None
            raise ConflictError(f"The item has {MAX_PER_ITEM} attachments. Delete one first.") from None

    def confirm(self, owner: str, item_id: str, attachment_id: str) -> bool:
        """Mark the attachment as uploaded. Return False if it does not exist."""
        name, exists = _record_name(item_id, attachment_id), "attribute_exists(#record)"
        try:
            self._table.update(self._table.update_request(owner, name, "REMOVE #pending", exists, {}))
        except ConditionNotMetError:
            return False
        return True

    def delete(self, owner: str, item_id: str, attachment: Attachment) -> bool:
        """Delete the attachment and count it, in one transaction.

        Return False if it was confirmed since it was read. Raise NotFoundError.
        """
        as_read = "attribute_exists(#record)" if attachment.uploaded else "attribute_exists(#pending)"
        deletion = self._table.delete_request(owner, _record_name(item_id, attachment.id), as_read)
        count = self._count(owner, item_id, "attribute_exists(#record)", {":change": -1})
        try:
            self._table.transact([("Delete", deletion), ("Update", count)])
        except TransactionCancelledError as failure:
            code, record = failure.reasons[0]
            if code != "ConditionalCheckFailed":
                raise ConflictError("Another request is changing this item. Try again.") from None
            if record:
                return False
            raise NotFoundError(f"The item {item_id} has no attachment {attachment.id}.") from None
        return True

    def _count(self, owner: str, item_id: str, condition: str, values: Record) -> dict[str, Any]:
        return self._table.update_request(owner, f"item#{item_id}", "ADD #attachment_count :change", condition, values)


class S3Files:
    """The attachment bucket; its client is built on first use.

    Forms upload below `pending/`, where a lifecycle rule expires every object, also one that is uploaded after its
    attachment was deleted. A confirmed upload is copied below `attachments/`, which no form can write.
    """

    def __init__(self, client: Callable[[], Any], bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def upload_form(self, path: str, content_type: str) -> PresignedPost:
        """Return a form for UPLOAD_SECONDS. Its policy document fixes path, type and size (at most MAX_BYTES)."""
        form = self._client().generate_presigned_post(
            self._bucket,
            PENDING + path,
            Fields={"Content-Type": content_type},
            Conditions=[{"Content-Type": content_type}, ["content-length-range", 1, MAX_BYTES]],
            ExpiresIn=UPLOAD_SECONDS,
        )
        return PresignedPost(form["url"], form["fields"])

    def confirm(self, path: str) -> bool:
        """Keep the last upload. Return False if there is none."""
        client = self._client()
        source = {"Bucket": self._bucket, "Key": PENDING + path}
        try:
            client.copy_object(Bucket=self._bucket, Key=CONFIRMED + path, CopySource=source)
        except client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in _NO_SUCH_KEY:
                return False
            raise
        return True

    def download_url(self, path: str, attachment: Attachment) -> str:
        """Return a URL, valid for DOWNLOAD_SECONDS, with which browsers save the file and do not display it."""
        request = {
            "Bucket": self._bucket,
            "Key": (CONFIRMED if attachment.uploaded else PENDING) + path,
            "ResponseContentType": attachment.content_type,
            "ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(attachment.file_name, safe='')}",
        }
        url: str = self._client().generate_presigned_url("get_object", Params=request, ExpiresIn=DOWNLOAD_SECONDS)
        return url

    def delete(self, path: str) -> None:
        """Delete the file, confirmed or not, if it exists."""
        for prefix in (PENDING, CONFIRMED):
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
