"""The checks of a deployed stack: health, response headers, authorization, and the operations of each collection."""

import secrets
from collections.abc import Iterator, Sequence
from functools import partial

from api.definition import CALLER, COLLECTIONS, ENVIRONMENTS_WITH_DOCS, READ, WRITE, Collection
from toolkit.pipeline.smoke.session import Check, CheckError, JsonObject, Session, json_object

DOCUMENTATION = ("/docs", "/redoc", "/openapi.json")
READY = "/health/ready"
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


class ServiceChecks:
    """The checks of the service, then those of each collection."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._collections = [CollectionChecks(session, collection) for collection in COLLECTIONS]

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
            ("tables and queues", self.ready),
            ("headers", partial(session.headers, HEADERS)),
            *([] if open_to_every_origin else [("cross-origin refusal", self.cross_origin)]),
            *([] if has_documentation else [("no documentation", self.no_documentation)]),
            ("refused without a token", partial(session.refuse, CALLER, {})),
            ("refused with a bad token", partial(session.refuse, CALLER, {"Authorization": "Bearer bm8.bm8.bm8"})),
            ("sign-in", partial(session.sign_in, f"{READ} {WRITE}")),
            *(check for collection in self._collections for check in collection.checks()),
        ]

    def clean_up(self) -> str:
        """Delete what the checks created, after a failure. Raise CheckError."""
        if not self._session.token or not self._collections:
            return "nothing was created"
        return ", ".join(collection.clean_up() for collection in self._collections)

    def ready(self) -> str:
        """Check that the API reads its tables and reaches its queues."""
        response = self._session.send("GET", READY)
        if response.status_code != 200:
            raise CheckError(f"GET {READY} answers {response.status_code}, not 200")
        return "reachable"

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


class CollectionChecks:
    """Checks that create one record of a collection and delete it again."""

    def __init__(self, session: Session, collection: Collection) -> None:
        self._session, self._collection = session, collection
        self._body = collection.body(secrets.token_hex(8))
        self._record: JsonObject = {}
        self._path, self._etag = "", ""

    def checks(self) -> Sequence[Check]:
        """Return the checks in the order in which they run."""
        records = self._collection.records
        return [
            (f"create {records}", self.create),
            (f"read {records}", self.read),
            (f"list {records}", self.find),
            (f"delete {records}", self.delete),
        ]

    def create(self) -> str:
        """Create a record."""
        collection = self._collection
        response = self._session.authorized("POST", collection.path, 201, json=self._body)
        self._record, self._etag = json_object(response), response.headers.get("etag", "")
        identifier = str(self._record.get("id", ""))
        if not identifier or response.headers.get("location") != f"{collection.path}/{identifier}":
            raise CheckError("the new record has no id, or its Location header has another id")
        self._path = f"{collection.path}/{identifier}"
        return identifier

    def read(self) -> str:
        """Read the record."""
        if json_object(self._session.authorized("GET", self._path, 200)) != self._record:
            raise CheckError(f"GET {self._path} returns another record than the created one")
        return "as created"

    def find(self) -> str:
        """Find the record in the list."""
        seen = 0
        for record in self._records():
            seen += 1
            if record.get("id") == self._record["id"]:
                return f"at position {seen}"
        raise CheckError(f"the new record is not in the list of {seen} {self._collection.records}")

    def delete(self) -> str:
        """Delete the record, and check that it no longer exists."""
        self._session.authorized("DELETE", self._path, 204, headers={"If-Match": self._etag})
        self._session.authorized("GET", self._path, 404)
        return "deleted"

    def clean_up(self) -> str:
        """Delete the record after a failure. Raise CheckError."""
        left = [record for record in self._records() if self._body.items() <= record.items()]
        for record in left:
            headers = {"If-Match": f'"{record["version"]}"'}
            self._session.authorized("DELETE", f"{self._collection.path}/{record['id']}", 204, headers=headers)
        return f"{len(left)} {self._collection.records} deleted"

    def _records(self) -> Iterator[JsonObject]:
        """Yield the records of the machine client, the newest first."""
        cursor: dict[str, str] = {}
        for _ in range(MAX_PAGES):
            parameters = {"limit": LARGEST_PAGE, **cursor}
            page = json_object(self._session.authorized("GET", self._collection.path, 200, params=parameters))
            yield from page.get(self._collection.records, ())
            if not page.get("next_cursor"):
                return
            cursor = {"cursor": str(page["next_cursor"])}
