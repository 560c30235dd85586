"""The rules of attachments: when an upload is confirmed, and what a deletion removes."""

from dataclasses import replace

from api.attachments.repository import Attachment, DynamoAttachments, PresignedPost, S3Files
from api.clock import Clock, uuid7
from api.errors import NotFoundError
from api.telemetry import count


class AttachmentService:
    """The operations on attachments."""

    def __init__(self, repository: DynamoAttachments, files: S3Files, clock: Clock) -> None:
        self.repository = repository
        self.files = files
        self.clock = clock

    def page(self, owner: str, item_id: str) -> list[Attachment]:
        """Confirm what was uploaded, and return all attachments of an item."""
        attachments = self.repository.page(owner, item_id)
        if attachments is None:
            raise NotFoundError(f"The item {item_id} does not exist.")
        confirmed = [self._confirmed(owner, item_id, each) for each in attachments]
        return [each for each in confirmed if each is not None]

    def create(self, owner: str, item_id: str, file_name: str, content_type: str) -> tuple[Attachment, PresignedPost]:
        """Create an attachment. Return it with the form for its upload."""
        now = self.clock()
        attachment = Attachment(uuid7(now), file_name, content_type, now, uploaded=False)
        form = self.files.upload_form(_path(owner, item_id, attachment.id), content_type)
        self.repository.create(owner, item_id, attachment)
        count("AttachmentCreated")
        return attachment, form

    def read(self, owner: str, item_id: str, attachment_id: str) -> tuple[Attachment, str]:
        """Confirm the attachment if it was uploaded. Return it with the URL for its download."""
        attachment = self._confirmed(owner, item_id, self._known(owner, item_id, attachment_id))
        if attachment is None:
            raise _not_found(item_id, attachment_id)
        return attachment, self.files.download_url(_path(owner, item_id, attachment_id), attachment)

    def delete(self, owner: str, item_id: str, attachment_id: str) -> None:
        """Delete the file, then the record: after a failure in between, the caller can repeat the request.

        A later upload with a form that is still valid is not confirmed, and expires. A request that read the
        attachment before it was confirmed may copy the file once more: it is deleted again after the record.
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
        """Return the attachment, confirmed if it was uploaded; None if it was deleted in the meantime."""
        path = _path(owner, item_id, attachment.id)
        if attachment.uploaded or not self.files.confirm(path):
            return attachment
        if not self.repository.confirm(owner, item_id, attachment.id):
            self.files.delete(path)
            return None
        return replace(attachment, uploaded=True)


def _not_found(item_id: str, attachment_id: str) -> NotFoundError:
    return NotFoundError(f"The item {item_id} has no attachment {attachment_id}.")


def _path(owner: str, item_id: str, attachment_id: str) -> str:
    return f"{owner}/{item_id}/{attachment_id}"
