"""The Lambda function: everything is built and primed once, while AWS gives the start a whole CPU."""

# ruff: noqa: E402 - the collector is paused before the imports that would keep it busy
import gc

gc.disable()

import os

os.environ.setdefault(
    "PYDANTIC_DISABLE_PLUGINS", "__all__"
)  # looking for them reads every installed package's metadata

from api.quick_start import import_fastapi

import_fastapi()

from functools import partial

from mangum import Mangum

from api.attachments.repository import DynamoAttachments, S3Files
from api.aws import AwsClients
from api.health.repository import DynamoProbe
from api.items.repository import DynamoItems
from api.main import Repositories, create_app
from api.sessions.repository import DynamoSessions
from api.settings import Settings
from api.table import Table

settings = Settings.read(os.environ)
aws = AwsClients(settings.region)
item_table = Table(aws.dynamodb, settings.item_table)
app = create_app(
    settings,
    Repositories(
        items=DynamoItems(item_table),
        attachments=DynamoAttachments(item_table),
        files=S3Files(lambda: aws.s3, settings.attachment_bucket),
        sessions=DynamoSessions(Table(aws.dynamodb, settings.session_table)),
        table=DynamoProbe(item_table),
        cursor_key=partial(aws.secret, settings.cursor_key_secret_arn),
    ),
)
# "auto" would start and stop the app on every request; what is not named as text would be sent as base64.
handler = Mangum(app, lifespan="off", text_mime_types=["text/", "application/json", "application/problem+json"])

gc.freeze()
gc.enable()
