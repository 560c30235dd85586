"""A small API that answers as the deployed one, but for the faults that a test gives it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

VERSION, TOKEN = "0123456789ab", "a-token-that-nobody-may-see"
CLIENT, SECRET = "machine", "a-secret-that-nobody-may-see"
HEADERS = {
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}


@dataclass
class ApiFake:
    """Its address, its faults by name, and the items that it holds now."""

    url: str = ""
    faults: set[str] = field(default_factory=set)
    environment: str = "prod"
    version: str = VERSION
    failures_first: int = 0
    """How many questions about its health go wrong at first."""
    throttled_first: int = 0
    """How many requests for items API Gateway throttles at first."""
    stale_first: int = 0
    """How many answers about its health still come from the version before."""
    items: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def outputs(self) -> dict[str, str]:
        """As the stack's outputs would name it."""
        secrets = {"machine_client_id": CLIENT, "machine_client_secret": SECRET}
        return {"api_url": self.url, "sign_in_url": f"{self.url}/sign-in", **secrets}

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, dict[str, str], Any]:
        """Status, headers and document."""
        path = path.partition("?")[0]
        if path == "/health":
            return self._health(headers)
        if path == "/health/ready":
            return (503 if "ready" in self.faults else 200), {}, {"status": "ready"}
        if path == "/sign-in/oauth2/token":
            if "sign-in" in self.faults:
                return 400, {}, {"error": f"no: {SECRET}"}
            return 200, {}, {"access_token": TOKEN, "expires_in": 3600}
        if path in {"/docs", "/redoc", "/openapi.json"}:
            return (200 if "docs" in self.faults else 404), {}, {}
        if self.throttled_first > 0:
            self.throttled_first -= 1
            return 429, {}, {"message": "Too Many Requests"}
        if headers.get("authorization") is None and "open" not in self.faults:
            return 401, {}, {}
        if headers.get("authorization") not in {None, f"Bearer {TOKEN}"} and "gullible" not in self.faults:
            return 401, {}, {}
        return (200, {}, {}) if path == "/api/v1/me" else self._items(method, path, body)

    def _health(self, headers: Any) -> tuple[int, dict[str, str], Any]:
        if self.failures_first > 0:
            self.failures_first -= 1
            return 503, {}, {"message": "Service Unavailable"}
        self.stale_first -= 1
        version = "before" if self.stale_first >= 0 else self.version
        shown = {name: text for name, text in HEADERS.items() if name not in self.faults}
        if "origins" in self.faults and headers.get("origin"):
            shown["access-control-allow-origin"] = "*"
        return 200, shown, {"status": "ok", "environment": self.environment, "version": version}

    def _items(self, method: str, path: str, body: bytes) -> tuple[int, dict[str, str], Any]:
        identifier = path.removeprefix("/api/v1/items").removeprefix("/")
        if method == "POST":
            made = {"id": f"item-{len(self.items)}", "version": 1, **json.loads(body)}
            self.items[made["id"]] = made
            status = 500 if "create" in self.faults else 201
            return status, {"location": f"/api/v1/items/{made['id']}", "etag": '"1"'}, made
        if not identifier:
            return 200, {}, {"items": [] if "list" in self.faults else list(self.items.values()), "next_cursor": None}
        if identifier not in self.items:
            return 404, {}, {}
        if method == "DELETE":
            if "delete" not in self.faults:
                del self.items[identifier]
            return 204, {}, None
        return 200, {}, {"name": "another"} if "read" in self.faults else self.items[identifier]


@contextmanager
def api_fake() -> Iterator[ApiFake]:
    """Serve one on a free port."""
    api = ApiFake()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            status, headers, document = api.answer(self.command, self.path, self.headers, body)
            content = b"" if document is None else json.dumps(document).encode()
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_DELETE = do_OPTIONS = _serve  # noqa: N815 - the names that http.server looks for

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's own name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
