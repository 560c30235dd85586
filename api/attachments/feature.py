"""The attachments feature: records beside their item in the table `items`, files in the bucket `attachments`."""

from api.attachments.repository import DynamoAttachments, S3Files
from api.attachments.router import router
from api.attachments.service import AttachmentService
from api.features import Feature, Shared


def _build(shared: Shared) -> AttachmentService:
    files = S3Files(lambda: shared.aws.s3, shared.settings.buckets["attachments"])
    return AttachmentService(DynamoAttachments(shared.tables["items"]), files, shared.clock)


FEATURE = Feature(router, _build)
