"""GitHub's REST API on this machine, as far as the pipeline calls it: comments, issues, settings, pages, refusals."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.github_environments import Environment

BOT = "github-actions[bot]"
REPOSITORY = "example/items-api"
RULESET = Path(__file__).resolve().parents[2] / ".github" / "ruleset.json"
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
    message: str = "made to fail"
    content: bytes | None = None
    """What is sent in place of a JSON document with the message."""


@dataclass
class Repository:
    """The state of the fake API; tests read and write it."""

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
    visibility: str = "public"
    features: dict[str, str] = field(default_factory=dict)
    """What is bought for it, with enabled or disabled."""
    environments: dict[str, Environment] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    shared: dict[str, str] | None = None
    """The variables of its organization; None where a person owns it."""
    ruleset: dict[str, Any] = field(default_factory=lambda: json.loads(RULESET.read_text()))
    """The one ruleset of main."""
    subject: dict[str, Any] = field(default_factory=lambda: {"use_default": True})
    """How the subject of its jobs' tokens is made."""

    @property
    def author(self) -> dict[str, str]:
        return {"login": self.login or BOT, "type": "User" if self.login else "Bot"}

    def say(self, number: int, body: str | None, login: str | None = BOT) -> dict[str, Any]:
        """Write a comment as a user."""
        author = {"login": login} if login else None
        comment = {"id": 1000 + len(self.comments), "body": body, "user": author, "_of": number}
        self.comments.append(comment)
        return comment

    def open(self, body: str, labels: list[str], login: str | None = BOT, **more: Any) -> dict[str, Any]:
        """Open an issue as a user."""
        author = {"login": login} if login else None
        issue = {"number": 1 + len(self.issues), "state": "open", "body": body, "user": author}
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
        yield r"GET ", lambda: (200, self._itself())
        yield r"GET /environments", lambda: (200, self._list("environments", sorted(self.environments)))
        yield r"GET /environments/([^/]+)", self._environment
        yield r"GET /environments/([^/]+)/deployment-branch-policies", self._branches
        yield r"GET /actions/variables", lambda: (200, self._list("variables", self.variables))
        yield r"GET /actions/organization-variables", self._shared
        yield r"GET /actions/oidc/customization/sub", lambda: (200, self.subject)
        yield r"GET /actions/runs/\d+/approvals", lambda: (200, [])
        yield r"GET /rules/branches/main", lambda: (200, [{**each, "ruleset_id": 5} for each in self.ruleset["rules"]])
        yield r"GET /rulesets/5", lambda: (200, {"id": 5, **self.ruleset})
        yield r"GET /pulls/(\d+)", self._pull
        yield r"GET /issues/(\d+)/comments", lambda number: (200, [c for c in self.comments if c["_of"] == int(number)])
        yield r"POST /issues/(\d+)/comments", lambda number: self._comment(int(number), body)
        yield r"PATCH /issues/comments/(\d+)", lambda id: self._edit(self.comments, "id", int(id), body)
        yield r"GET /issues", lambda: (200, self._issues(query))
        yield r"POST /issues", lambda: self._issue(body)
        yield r"PATCH /issues/(\d+)", lambda number: self._edit(self.issues, "number", int(number), body)
        yield r"GET /labels/(.+)", lambda name: (200, {"name": name}) if name in self.labels else _NOT_FOUND
        yield r"POST /labels", lambda: self._label(body)

    def _itself(self) -> dict[str, Any]:
        owner, name = REPOSITORY.split("/")
        bought = {feature: {"status": status} for feature, status in self.features.items()}
        return {
            "id": 2000002,
            "name": name,
            "owner": {"login": owner, "id": 1000001},
            "visibility": self.visibility,
            "security_and_analysis": bought,
        }

    def _environment(self, name: str) -> tuple[int, Any]:
        found = self.environments.get(name)
        return (200, found.said(name)) if found else _NOT_FOUND

    def _branches(self, name: str) -> tuple[int, Any]:
        found = self.environments.get(name)
        return (200, self._list("branch_policies", found.branches or [])) if found else _NOT_FOUND

    def _shared(self) -> tuple[int, Any]:
        return _NOT_FOUND if self.shared is None else (200, self._list("variables", self.shared))

    @staticmethod
    def _list(name: str, found: Mapping[str, str] | list[str]) -> dict[str, Any]:
        """A list that comes with its count."""
        entries = [{"name": each, **({"value": found[each]} if isinstance(found, Mapping) else {})} for each in found]
        return {"total_count": len(entries), name: entries}

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
            elif isinstance(found, dict) and "total_count" in found:
                (name,) = (key for key, value in found.items() if isinstance(value, list))
                shown, headers = self._page(found[name], url.path, query, most=30 if name == "variables" else 100)
                found = {**found, name: shown}
        if failure is not None:
            status, found, headers = failure.status, {"message": failure.message}, failure.headers
        text = json.dumps(found).encode()
        if failure is not None and failure.content is not None:
            text = failure.content
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

    def _page(
        self, found: list[Any], path: str, query: dict[str, str], most: int = 100
    ) -> tuple[list[Any], dict[str, str]]:
        page, size = int(query.get("page", 1)), min(int(query.get("per_page", 30)), most)
        shown = found[(page - 1) * size : page * size]
        if page * size >= len(found):
            return shown, {}
        others = "&".join(f"{name}={value}" for name, value in {**query, "page": str(page + 1)}.items())
        return shown, {"Link": f'<{self.repository.url}{path}?{others}>; rel="next"'}

    def log_message(self, *_: Any) -> None:
        """Say nothing: a test reads the requests."""


@contextmanager
def github_fake(repository: Repository | None = None) -> Iterator[Repository]:
    """Serve a repository on a free port while the block runs."""
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
