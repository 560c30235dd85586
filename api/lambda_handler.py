"""The Lambda function: everything is built and primed once, while AWS gives the start a whole CPU."""

# ruff: noqa: E402 - the order of these lines is what makes the start quick
import gc

gc.disable()

import asyncio
import os

# Looking for pydantic's plugins would read the metadata of every installed package.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

from api.quick_start import import_botocore, import_fastapi, import_pydantic

import_pydantic()
import_fastapi()
import_botocore()

from functools import partial
from uuid import UUID

from mangum import Mangum

from api.attachments.repository import DynamoAttachments, S3Files
from api.aws import AwsClients
from api.caller import READ
from api.gateway import HttpApi
from api.health.repository import DynamoProbe
from api.items.repository import DynamoItems
from api.main import Repositories, create_app
from api.sessions.repository import DynamoSessions
from api.settings import Settings
from api.table import Table
from api.telemetry import Handler, logger, traced


def build(settings: Settings) -> Handler:
    """The handler on DynamoDB, S3 and Secrets Manager."""
    aws = AwsClients(settings.region)
    items, sessions = Table(aws.dynamodb, settings.item_table), Table(aws.dynamodb, settings.session_table)
    repositories = Repositories(
        items=DynamoItems(items),
        attachments=DynamoAttachments(items),
        files=S3Files(lambda: aws.s3, settings.attachment_bucket),
        sessions=DynamoSessions(sessions),
        tables=DynamoProbe(items, sessions),
        cursor_key=partial(aws.secret, settings.cursor_key_secret_arn),
    )
    asyncio.set_event_loop(asyncio.new_event_loop())  # Mangum's requests run on it; Python 3.14 creates none by itself
    # "auto" would start and stop the app on every request; what is not named as text would be sent as base64.
    text = ["application/json", "application/problem+json", "text/"]
    app = create_app(settings, repositories)
    return traced(Mangum(app, lifespan="off", custom_handlers=[HttpApi], text_mime_types=text))


def prime(handler: Handler) -> None:
    """Read an item that nobody has, as a machine client that does not exist: the way every later request goes.

    No caller then waits for first connections and caches. It costs a count in the session table; what fails is logged.
    """
    nobody = f"priming-{os.urandom(2).hex()}"  # one name for all would meet its rate limit where many start at once
    claims = {"token_use": "access", "sub": nobody, "client_id": nobody, "scope": READ, "iat": "0"}
    context = {
        "http": {"method": "GET", "path": f"/api/v1/items/{UUID(int=0)}", "sourceIp": "127.0.0.1"},
        "authorizer": {"jwt": {"claims": claims}},
        "requestId": "priming",
    }
    try:
        handler({"version": "2.0", "requestContext": context, "headers": {}}, None)
    except Exception:
        logger.warning("The function starts without having been primed", exc_info=True)


def guarded(handler: Handler, settings: Settings) -> Handler:
    """The handler as callers reach it: behind an edge, only through it."""
    if settings.origin_key_digests is None:
        return handler
    from api.edge import through_the_edge

    return through_the_edge(handler, settings.origin_key_digests.split(","))


settings = Settings.read(os.environ)
whole = build(settings)
prime(whole)  # which comes from no edge
handler = guarded(whole, settings)

gc.freeze()
gc.enable()
