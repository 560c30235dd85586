"""The rules of attachments: how many and how large they may be, and who moves their bytes (never this service)."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from api.clock import Clock, uuid7
from api.errors import NotFoundError
from api.telemetry import count

MAX_BYTES = 10 * 1024 * 1024
MAX_PER_ITEM = 20
UPLOAD_SECONDS = 600
DOWNLOAD_SECONDS = 300


@dataclass(frozen=True)
class Attachment:
    """A file that belongs to an item."""

    id: str
    file_name: str
    content_type: str
    created_at: datetime


class PresignedPost(NamedTuple):
    """A form that S3 accepts from anyone who holds it."""

    url: str
    fields: dict[str, str]


class AttachmentRepository(Protocol):
    """Where is written down what is attached to an item."""

    def page(self, owner: str, item_id: str) -> list[Attachment] | None:
        """All attachments of the item, oldest first; None if there is no such item."""

    def read(self, owner: str, item_id: str, attachment_id: str) -> Attachment | None:
        """The attachment, or None."""

    def create(self, owner: str, item_id: str, attachment: Attachment) -> None:
        """Write down a new one; raises NotFoundError without the item and ConflictError if it has MAX_PER_ITEM."""

    def delete(self, owner: str, item_id: str, attachment_id: str) -> None:
        """Forget it; raises NotFoundError."""


class FileStore(Protocol):
    """Where the bytes are."""

    def upload_form(self, path: str, content_type: str) -> PresignedPost:
        """A form for that path, that type and at most MAX_BYTES, valid for UPLOAD_SECONDS."""

    def download_url(self, path: str, attachment: Attachment) -> str:
        """A URL for that path, valid for DOWNLOAD_SECONDS."""

    def delete(self, path: str) -> None:
        """Delete the bytes, if there are any."""


class AttachmentService:
    """What callers can do with the attachments of their items."""

    def __init__(self, repository: AttachmentRepository, files: FileStore, clock: Clock) -> None:
        self.repository = repository
        self.files = files
        self.clock = clock

    def page(self, owner: str, item_id: str) -> list[Attachment]:
        """All attachments of one of the owner's items."""
        found = self.repository.page(owner, item_id)
        if found is None:
            raise NotFoundError(f"You have no item {item_id}.")
        return found

    def create(self, owner: str, item_id: str, file_name: str, content_type: str) -> tuple[Attachment, PresignedPost]:
        """A new attachment and the form that uploads it."""
        now = self.clock()
        attachment = Attachment(uuid7(now), file_name, content_type, now)
        form = self.files.upload_form(_path(owner, item_id, attachment.id), content_type)
        self.repository.create(owner, item_id, attachment)
        count("AttachmentCreated")
        return attachment, form

    def read(self, owner: str, item_id: str, attachment_id: str) -> tuple[Attachment, str]:
        """An attachment and the URL that downloads it."""
        attachment = self.repository.read(owner, item_id, attachment_id)
        if attachment is None:
            raise NotFoundError(f"Your item {item_id} has no attachment {attachment_id}.")
        return attachment, self.files.download_url(_path(owner, item_id, attachment_id), attachment)

    def delete(self, owner: str, item_id: str, attachment_id: str) -> None:
        """Delete the bytes, then the attachment: a failure in between leaves something to repeat, never lost bytes."""
        if self.repository.read(owner, item_id, attachment_id) is None:
            raise NotFoundError(f"Your item {item_id} has no attachment {attachment_id}.")
        self.files.delete(_path(owner, item_id, attachment_id))
        self.repository.delete(owner, item_id, attachment_id)


def _path(owner: str, item_id: str, attachment_id: str) -> str:
    return f"attachments/{owner}/{item_id}/{attachment_id}"
