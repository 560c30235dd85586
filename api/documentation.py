"""The documentation pages: Swagger UI with sign-in, and ReDoc, without a CDN where assets are hosted."""

import re
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html, get_swagger_ui_oauth2_redirect_html
from starlette.responses import HTMLResponse

from api.definition import NAME
from api.settings import Settings

_CDN = "https://cdn.jsdelivr.net/npm"
_REDIRECT = "/docs/oauth2-redirect"
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@dataclass(frozen=True)
class Assets:
    """The URLs of the pages' scripts, styles and icon; by default those of FastAPI's CDN."""

    swagger_script: str = f"{_CDN}/swagger-ui-dist@5/swagger-ui-bundle.js"
    swagger_style: str = f"{_CDN}/swagger-ui-dist@5/swagger-ui.css"
    redoc_script: str = f"{_CDN}/redoc@2/bundles/redoc.standalone.js"
    icon: str = "https://fastapi.tiangolo.com/img/favicon.png"

    @classmethod
    def below(cls, base_url: str) -> "Assets":
        """Return the URLs below a base URL."""
        names = ("swagger-ui-bundle.js", "swagger-ui.css", "redoc.standalone.js", "favicon.png")
        return cls(*(f"{base_url.rstrip('/')}/{name}" for name in names))


def add_documentation(app: FastAPI, settings: Settings) -> None:
    """Serve /docs, its sign-in redirect, and /redoc."""
    assets = Assets.below(settings.docs_assets_url) if settings.docs_assets_url else Assets()
    sign_in = _origin(settings.sign_in_url)

    @app.get("/docs", include_in_schema=False)
    async def swagger_ui() -> HTMLResponse:
        page = get_swagger_ui_html(
            openapi_url="/openapi.json",
            title=NAME,
            swagger_js_url=assets.swagger_script,
            swagger_css_url=assets.swagger_style,
            swagger_favicon_url=assets.icon,
            oauth2_redirect_url=_REDIRECT,
            init_oauth={
                "clientId": settings.web_client_id,
                "usePkceWithAuthorizationCodeGrant": True,
                "scopes": "openid profile",
            },
        )
        return _with_policy(page, assets, connect=sign_in)

    @app.get(_REDIRECT, include_in_schema=False)
    async def swagger_ui_redirect() -> HTMLResponse:
        return _with_policy(get_swagger_ui_oauth2_redirect_html(), assets)

    @app.get("/redoc", include_in_schema=False)
    async def redoc() -> HTMLResponse:
        page = get_redoc_html(
            openapi_url="/openapi.json",
            title=NAME,
            redoc_js_url=assets.redoc_script,
            redoc_favicon_url=assets.icon,
            with_google_fonts=False,
        )
        return _with_policy(page, assets)


def _with_policy(page: HTMLResponse, assets: Assets, connect: str = "") -> HTMLResponse:
    """Add a content security policy that allows the page's inline scripts, by hash, and its assets."""
    inline = _INLINE_SCRIPT.findall(bytes(page.body).decode())
    hashes = [f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in inline]
    scripts = {_origin(assets.swagger_script), _origin(assets.redoc_script)} - {"'self'"}
    styles, images = {_origin(assets.swagger_style)} - {"'self'"}, {_origin(assets.icon)} - {"'self'"}
    directives = [
        "default-src 'none'",
        " ".join(["script-src 'self'", *hashes, *sorted(scripts)]),
        " ".join(["style-src 'self' 'unsafe-inline'", *sorted(styles)]),  # both libraries write style attributes
        " ".join(["img-src 'self' data:", *sorted(images)]),
        f"connect-src 'self' {connect}".rstrip(),
        "worker-src blob:",  # ReDoc searches in a worker
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
    page.headers["content-security-policy"] = "; ".join(directives)
    return page


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else "'self'"
