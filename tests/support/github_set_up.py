"""A repository on GitHub that is being set up: environments, variables and runs of workflows can be created."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.support.github_fake import Repository

NOT_FOUND = 404, {"message": "Not Found"}
LATER = "9999-01-01T00:00:00Z"


@dataclass
class SetUp(Repository):
    """A repository whose plan may have environments, with variables and runs of workflows."""

    has_environments: bool = True
    made: dict[str, list[str]] = field(default_factory=dict)
    """The branches of each environment."""
    values: dict[str, str] = field(default_factory=dict)
    runs: dict[str, dict[str, Any]] = field(default_factory=dict)
    jobs: list[dict[str, str]] = field(default_factory=list)
    conclusion: str = "success"
    ruleset: dict[str, Any] = field(default_factory=lambda: {"rules": [], "bypass_actors": []})

    def _routes(self, query: dict[str, str], body: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        environment, variable = r"/environments/(\w+)", r"/actions/variables/(\w+)"
        yield "GET /actions/oidc/customization/sub", lambda: (200, {"use_default": True})
        yield "GET /environments", lambda: (200, _listed("environments", [{"name": name} for name in self.made]))
        yield f"PUT {environment}", self._make
        yield f"GET {environment}", self._shown
        yield f"DELETE {environment}", lambda name: (200, self.made.pop(name))
        yield f"POST {environment}/deployment-branch-policies", lambda name: self._allow(name, body["name"])
        yield (
            f"GET {environment}/deployment-branch-policies",
            lambda name: (200, _listed("branch_policies", [{"name": branch} for branch in self.made[name]])),
        )
        yield "POST /actions/variables", lambda: (201, self.values.update({body["name"]: body["value"]}))
        yield (
            "GET /actions/variables",
            lambda: (200, _listed("variables", [{"name": name, "value": text} for name, text in self.values.items()])),
        )
        yield f"GET {variable}", lambda name: (200, {"value": self.values[name]}) if name in self.values else NOT_FOUND
        yield f"DELETE {variable}", lambda name: (200, self.values.pop(name))
        yield r"POST /actions/workflows/([\w.-]+)/dispatches", lambda file: self._dispatched(file, body)
        yield (
            r"GET /actions/workflows/([\w.-]+)/runs",
            lambda file: (200, _listed("workflow_runs", [run for run in [self.runs.get(file)] if run])),
        )
        yield r"GET /actions/runs/(\d+)/jobs", lambda _id: (200, _listed("jobs", self.jobs))
        yield "POST /rulesets", lambda: self._protect(body)
        yield r"PATCH /pulls/(\w+)", lambda _name: (200, {})
        yield from super()._routes(query, body)

    def _make(self, name: str) -> tuple[int, Any]:
        if not self.has_environments:
            return NOT_FOUND
        self.made.setdefault(name, [])
        return 200, {"name": name}

    def _shown(self, name: str) -> tuple[int, Any]:
        if name not in self.made:
            return NOT_FOUND
        policy = {"protected_branches": False, "custom_branch_policies": True}
        return 200, {"name": name, "protection_rules": [], "deployment_branch_policy": policy}

    def _protect(self, ruleset: dict[str, Any]) -> tuple[int, Any]:
        self.ruleset = ruleset
        return 201, ruleset

    def _allow(self, name: str, branch: str) -> tuple[int, Any]:
        self.made[name].append(branch)
        return 200, {"name": branch}

    def _dispatched(self, file: str, body: dict[str, Any]) -> tuple[int, Any]:
        self.started(file, **body)
        return 204, None

    def started(self, file: str, created_at: str = LATER, **seen: Any) -> None:
        """A run of a workflow, over at once."""
        ended = {"status": "completed", "conclusion": self.conclusion, "html_url": f"https://github.example/{file}"}
        self.runs[file] = {"id": 1, "created_at": created_at, **ended, **seen}


def _listed(name: str, entries: list[Any]) -> dict[str, Any]:
    return {"total_count": len(entries), name: entries}
