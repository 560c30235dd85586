"""The checks of a deployed stack: health, response headers, authorization, and the operations on an item."""

import secrets
from collections.abc import Iterator, Sequence
from functools import partial

from api.definition import ENVIRONMENTS_WITH_DOCS
from toolkit.pipeline.smoke.session import Check, CheckError, JsonObject, Session, json_object

ITEMS = "/api/v1/items"
SCOPES = "items/read items/write"
DOCUMENTATION = ("/docs", "/redoc", "/openapi.json")
OTHER_ORIGIN = "https://smoke-test.invalid"
LARGEST_PAGE, MAX_PAGES = "100", 20
HEADERS = {
    "strict-transport-security": "max-age=63072000",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'",
}


class ItemChecks:
    """Checks that create one item and delete it again."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._name = f"Smoke test {secrets.token_hex(8)}"
        self._item: JsonObject = {}
        self._path, self._etag = "", ""

    def checks(self) -> Sequence[Check]:
        """Return the checks in the order in which they run."""
        session, settings = self._session, self._session.target.settings
        open_to_every_origin = "*" in settings.api.cors_origins
        has_documentation = settings.api.docs_enabled
        if has_documentation is None:
            has_documentation = session.target.environment in ENVIRONMENTS_WITH_DOCS
        return [
            ("health", session.health),
            ("version", session.version),
            ("headers", partial(session.headers, HEADERS)),
            *([] if open_to_every_origin else [("cross-origin refusal", self.cross_origin)]),
            *([] if has_documentation else [("no documentation", self.no_documentation)]),
            ("refused without a token", partial(session.refuse, ITEMS, {})),
            ("refused with a bad token", partial(session.refuse, ITEMS, {"Authorization": "Bearer bm8.bm8.bm8"})),
            ("sign-in", partial(session.sign_in, SCOPES)),
            ("create", self.create),
            ("read", self.read),
            ("list", self.find),
            ("delete", self.delete),
        ]

    def cross_origin(self) -> str:
        """Check that CORS does not allow a page of another origin to read a response or to send a token."""
        preflight = {"Origin": OTHER_ORIGIN, "Access-Control-Request-Method": "GET"}
        for method, headers in (("GET", {"Origin": OTHER_ORIGIN}), ("OPTIONS", preflight)):
            response = self._session.send(method, "/health", headers=headers)
            if (allowed := response.headers.get("access-control-allow-origin")) is not None:
                raise CheckError(f"{method} /health from {OTHER_ORIGIN} returns Access-Control-Allow-Origin: {allowed}")
        return "other origins are rejected"

    def no_documentation(self) -> str:
        """Check that the pages of the documentation do not exist."""
        for path in DOCUMENTATION:
            response = self._session.send("GET", path)
            if response.status_code != 404:
                raise CheckError(f"GET {path} answers {response.status_code}, not 404")
        return "404 on " + ", ".join(DOCUMENTATION)

    def create(self) -> str:
        """Create an item."""
        response = self._session.authorized("POST", ITEMS, 201, json={"name": self._name})
        self._item, self._etag = json_object(response), response.headers.get("etag", "")
        identifier = str(self._item.get("id", ""))
        if not identifier or response.headers.get("location") != f"{ITEMS}/{identifier}":
            raise CheckError("the new item has no id, or its Location header has another id")
        self._path = f"{ITEMS}/{identifier}"
        return identifier

    def read(self) -> str:
        """Read the item."""
        if json_object(self._session.authorized("GET", self._path, 200)) != self._item:
            raise CheckError(f"GET {self._path} returns another item than the created one")
        return "as created"

    def find(self) -> str:
        """Find the item in the list."""
        seen = 0
        for item in self._items():
            seen += 1
            if item.get("id") == self._item["id"]:
                return f"at position {seen}"
        raise CheckError(f"the new item is not in the list of {seen} items")

    def delete(self) -> str:
        """Delete the item, and check that it no longer exists."""
        self._session.authorized("DELETE", self._path, 204, headers={"If-Match": self._etag})
        self._session.authorized("GET", self._path, 404)
        return "deleted"

    def clean_up(self) -> str:
        """Delete the item after a failure. Raise CheckError."""
        if not self._session.token:
            return "nothing was created"
        left = [item for item in self._items() if item.get("name") == self._name]
        for item in left:
            headers = {"If-Match": f'"{item["version"]}"'}
            self._session.authorized("DELETE", f"{ITEMS}/{item['id']}", 204, headers=headers)
        return f"{len(left)} items deleted"

    def _items(self) -> Iterator[JsonObject]:
        """Yield the items of the machine client, the newest first."""
        cursor: dict[str, str] = {}
        for _ in range(MAX_PAGES):
            parameters = {"limit": LARGEST_PAGE, **cursor}
            page = json_object(self._session.authorized("GET", ITEMS, 200, params=parameters))
            yield from page.get("items", ())
            if not page.get("next_cursor"):
                return
            cursor = {"cursor": str(page["next_cursor"])}
