"""The Lambda function: everything is built and primed once, during the initialization of the environment."""

# ruff: noqa: E402 - the patches come before the imports that they speed up
from api import cold_start

cold_start.begin()

import asyncio
import os
from typing import Any

from mangum import Mangum

from api.auth import require_origin_key
from api.aws import AwsClients
from api.main import create_app
from api.settings import Settings
from api.telemetry import Handler, traced

_TEXT = ["application/json", "application/problem+json", "text/"]
"""Media types that are sent as text; Mangum sends others as base64."""


def build(settings: Settings) -> Handler:
    """Return the handler on DynamoDB, S3 and Secrets Manager."""
    asyncio.set_event_loop(asyncio.new_event_loop())  # for Mangum; Python 3.14 creates none by itself
    app = create_app(settings, AwsClients(settings.region))
    # lifespan "auto" would start and stop the app on every request.
    return traced(Mangum(app, lifespan="off", custom_handlers=_gateways(), text_mime_types=_TEXT))


def _gateways() -> list[Any]:
    """Return the adapters that are tried before Mangum's own."""
    if not cold_start.ENABLED:
        return []
    from api.cold_start.mangum import CachedScopeGateway

    return [CachedScopeGateway]


settings = Settings.read(os.environ)
unrestricted = build(settings)
if cold_start.ENABLED:
    from api.cold_start.priming import prime

    prime(unrestricted)  # its request has no origin key
handler = unrestricted
if settings.origin_key_digests is not None:  # requests of callers come through CloudFront
    handler = require_origin_key(unrestricted, settings.origin_key_digests.split(","))

cold_start.end()
