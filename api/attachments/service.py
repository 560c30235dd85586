"""The rules of attachments: how many and how large they may be, and who moves their bytes (never this service)."""

from dataclasses import dataclass, replace
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
    uploaded: bool
    """Whether a request has found its bytes, which stay from then on."""


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

    def confirm(self, owner: str, item_id: str, attachment_id: str) -> bool:
        """Write down that it is uploaded; False if there is no such attachment."""

    def delete(self, owner: str, item_id: str, attachment: Attachment) -> bool:
        """Delete it; False if it was confirmed since it was read. Raises NotFoundError."""


class FileStore(Protocol):
    """Where the bytes are: uploaded ones expire, confirmed ones stay."""

    def upload_form(self, path: str, content_type: str) -> PresignedPost:
        """A form for that path, that type and at most MAX_BYTES, valid for UPLOAD_SECONDS."""

    def confirm(self, path: str) -> bool:
        """Keep the bytes that were uploaded last; False if there are none."""

    def download_url(self, path: str, attachment: Attachment) -> str:
        """A URL for that path, valid for DOWNLOAD_SECONDS."""

    def delete(self, path: str) -> None:
        """Delete the bytes, confirmed or not, if there are any."""


class AttachmentService:
    """What callers can do with the attachments of their items."""

    def __init__(self, repository: AttachmentRepository, files: FileStore, clock: Clock) -> None:
        self.repository = repository
        self.files = files
        self.clock = clock

    def page(self, owner: str, item_id: str) -> list[Attachment]:
        """All attachments of one of the owner's items; confirms those that were uploaded."""
        found = self.repository.page(owner, item_id)
        if found is None:
            raise NotFoundError(f"You have no item {item_id}.")
        confirmed = [self._confirmed(owner, item_id, each) for each in found]
        return [each for each in confirmed if each is not None]

    def create(self, owner: str, item_id: str, file_name: str, content_type: str) -> tuple[Attachment, PresignedPost]:
        """A new attachment and the form that uploads it."""
        now = self.clock()
        attachment = Attachment(uuid7(now), file_name, content_type, now, uploaded=False)
        form = self.files.upload_form(_path(owner, item_id, attachment.id), content_type)
        self.repository.create(owner, item_id, attachment)
        count("AttachmentCreated")
        return attachment, form

    def read(self, owner: str, item_id: str, attachment_id: str) -> tuple[Attachment, str]:
        """An attachment and the URL that downloads it; confirms an uploaded one."""
        attachment = self._confirmed(owner, item_id, self._known(owner, item_id, attachment_id))
        if attachment is None:
            raise _not_found(item_id, attachment_id)
        return attachment, self.files.download_url(_path(owner, item_id, attachment_id), attachment)

    def delete(self, owner: str, item_id: str, attachment_id: str) -> None:
        """Delete the bytes, then the attachment: a failure in between leaves something to repeat, never lost bytes.

        What is posted later with a form that is still valid is not confirmed, and expires. A request that read the
        attachment before it was confirmed may copy the bytes once more: they are deleted again after the record.
        """
        while True:
            attachment = self._known(owner, item_id, attachment_id)
            path = _path(owner, item_id, attachment_id)
            self.files.delete(path)
            if self.repository.delete(owner, item_id, attachment):
                if attachment.uploaded:
                    self.files.delete(path)
                return

    def _known(self, owner: str, item_id: str, attachment_id: str) -> Attachment:
        attachment = self.repository.read(owner, item_id, attachment_id)
        if attachment is None:
            raise _not_found(item_id, attachment_id)
        return attachment

    def _confirmed(self, owner: str, item_id: str, attachment: Attachment) -> Attachment | None:
        """Return the attachment, confirmed if its bytes are there; None if it is deleted meanwhile."""
        path = _path(owner, item_id, attachment.id)
        if attachment.uploaded or not self.files.confirm(path):
            return attachment
        if not self.repository.confirm(owner, item_id, attachment.id):
            self.files.delete(path)
            return None
        return replace(attachment, uploaded=True)


def _not_found(item_id: str, attachment_id: str) -> NotFoundError:
    return NotFoundError(f"Your item {item_id} has no attachment {attachment_id}.")


def _path(owner: str, item_id: str, attachment_id: str) -> str:
    return f"{owner}/{item_id}/{attachment_id}"
