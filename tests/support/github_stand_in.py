"""GitHub's REST API on this machine, as far as the pipeline calls it: comments, issues, labels, pages, refusals."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

BOT = "github-actions[bot]"
REPOSITORY = "example/items-api"
_NOT_FOUND = (404, {"message": "Not Found"})


@dataclass
class Failure:
    """An answer that the next requests get, in place of the real one; `done` lets the work happen before it fails."""

    method: str
    path: str
    status: int
    times: int = 1
    headers: dict[str, str] = field(default_factory=dict)
    done: bool = False


@dataclass
class Repository:
    """What the stand-in knows; tests read and write it."""

    pulls: dict[int, str] = field(default_factory=dict)
    """The commit at the head of each pull request."""
    comments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)
    reads_only: bool = False
    login: str | None = None
    """The person whose token it is; a workflow's token may not ask."""
    url: str = ""

    @property
    def author(self) -> dict[str, str]:
        return {"login": self.login or BOT, "type": "User" if self.login else "Bot"}

    def say(self, number: int, body: str, login: str = BOT) -> dict[str, Any]:
        """Write a comment as somebody."""
        comment = {"id": 1000 + len(self.comments), "body": body, "user": {"login": login}, "_of": number}
        self.comments.append(comment)
        return comment

    def open(self, body: str, labels: list[str], login: str = BOT, **more: Any) -> dict[str, Any]:
        """Open an issue as somebody."""
        issue = {"number": 1 + len(self.issues), "state": "open", "body": body, "user": {"login": login}}
        self.issues.append({**issue, "labels": [{"name": name} for name in labels], **more})
        return self.issues[-1]

    def answer(self, method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> tuple[int, Any]:
        """What GitHub would answer; a list is cut into pages by the caller."""
        if path == "/user":
            return (200, self.author) if self.login else (403, {"message": "Resource not accessible by integration"})
        prefix = f"/repos/{REPOSITORY}"
        if not path.startswith(prefix):
            return _NOT_FOUND
        if method != "GET" and self.reads_only:
            return 403, {"message": "Resource not accessible by integration"}
        for route, act in self._routes(query, body):
            if found := re.fullmatch(route, f"{method} {path.removeprefix(prefix)}"):
                answer: tuple[int, Any] = act(*found.groups())
                return answer
        return _NOT_FOUND

    def _routes(self, query: dict[str, str], body: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        yield r"GET /pulls/(\d+)", self._pull
        yield r"GET /issues/(\d+)/comments", lambda number: (200, [c for c in self.comments if c["_of"] == int(number)])
        yield r"POST /issues/(\d+)/comments", lambda number: self._comment(int(number), body)
        yield r"PATCH /issues/comments/(\d+)", lambda id: self._edit(self.comments, "id", int(id), body)
        yield r"GET /issues", lambda: (200, self._issues(query))
        yield r"POST /issues", lambda: self._issue(body)
        yield r"PATCH /issues/(\d+)", lambda number: self._edit(self.issues, "number", int(number), body)
        yield r"GET /labels/(.+)", lambda name: (200, {"name": name}) if name in self.labels else _NOT_FOUND
        yield r"POST /labels", lambda: self._label(body)

    def _pull(self, number: str) -> tuple[int, Any]:
        sha = self.pulls.get(int(number))
        return (200, {"number": int(number), "head": {"sha": sha}}) if sha else _NOT_FOUND

    def _comment(self, number: int, body: dict[str, Any]) -> tuple[int, Any]:
        if len(body["body"].encode("utf-16-le")) // 2 > 65_536:
            return 422, {"message": "Validation Failed: body is too long (maximum is 65536 characters)"}
        return 201, self.say(number, body["body"], self.author["login"])

    def _label(self, body: dict[str, Any]) -> tuple[int, Any]:
        self.labels.append(body["name"])
        return 201, body

    def _issues(self, query: dict[str, str]) -> list[dict[str, Any]]:
        wanted, state = query.get("labels"), query.get("state", "open")
        return [
            issue
            for issue in reversed(self.issues)
            if state in ("all", issue["state"]) and (not wanted or wanted in [one["name"] for one in issue["labels"]])
        ]

    def _issue(self, body: dict[str, Any]) -> tuple[int, Any]:
        return 201, self.open(body["body"], body.get("labels", []), self.author["login"], title=body["title"])

    def _edit(self, of: list[dict[str, Any]], key: str, value: int, body: dict[str, Any]) -> tuple[int, Any]:
        found = [each for each in of if each[key] == value]
        if not found:
            return _NOT_FOUND
        found[0].update(body)
        return 200, found[0]


class _Handler(BaseHTTPRequestHandler):
    repository: Repository

    def _serve(self) -> None:
        url = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else {}
        self.repository.requests.append((self.command, url.path))
        failure = self._failure(url.path)
        if failure is None or failure.done:
            status, found = self.repository.answer(self.command, url.path, query, body)
            headers: dict[str, str] = {}
            if isinstance(found, list):
                found, headers = self._page(found, url.path, query)
        if failure is not None:
            status, found, headers = failure.status, {"message": "made to fail"}, failure.headers
        text = json.dumps(found).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(text)), "Content-Type": "application/json"}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _serve  # noqa: N815 - the names that http.server calls

    def _failure(self, path: str) -> Failure | None:
        for failure in self.repository.failures:
            if failure.times and failure.method == self.command and re.search(failure.path, path):
                failure.times -= 1
                return failure
        return None

    def _page(self, found: list[Any], path: str, query: dict[str, str]) -> tuple[list[Any], dict[str, str]]:
        page, size = int(query.get("page", 1)), min(int(query.get("per_page", 30)), 100)
        shown = found[(page - 1) * size : page * size]
        if page * size >= len(found):
            return shown, {}
        others = "&".join(f"{name}={value}" for name, value in {**query, "page": str(page + 1)}.items())
        return shown, {"Link": f'<{self.repository.url}{path}?{others}>; rel="next"'}

    def log_message(self, *_: Any) -> None:
        """Say nothing: a test reads the requests."""


@contextmanager
def github_stand_in(repository: Repository | None = None) -> Iterator[Repository]:
    """A repository, served on a port of its own while the block runs."""
    repository = repository or Repository()
    handler = type("Handler", (_Handler,), {"repository": repository})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    repository.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield repository
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
