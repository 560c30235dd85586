"""Score the roles of each account: do they allow every action in the life cycle of the program's resource types?

`python -m tests.infrastructure.bootstrap.life_cycle` prints the score; `--json` for machines.
"""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.infrastructure.bootstrap.service_authorization import Action, reference
from tests.support.accounts import ACCOUNTS, EVERY_ACCOUNT, PREFIX, REGION, admits, bootstrap_graph, may, named
from tests.support.stacks import DOMAIN, ORIGIN_KEY, ROOT, configured
from toolkit.stacks import ResourceGraph, evaluate

PHASES = ("create", "read", "update", "delete", "tag")
REVIEW = "review-7"
KEPT_IN_PROD = {
    *("dynamodb:DeleteTable", "s3:DeleteBucket", "cognito-idp:DeleteUserPool"),
    *("secretsmanager:DeleteSecret", "sqs:DeleteQueue"),
}
"""What prod's deploy role must not do: an administrator deletes data."""
NOT_FOR_A_REVIEW = {"dynamodb:UpdateTable"}
"""What the provider calls to delete a table that has replicas or protection, which a pull request's stack must not."""
_TABLE = Path(__file__).with_suffix(".yaml")
_FACTS = {"to": "iam:PassedToService", "for": "iam:AWSServiceName", "via": "kms:ViaService"}


@dataclass(frozen=True)
class Stack:
    """Return the graph of a stack with every optional resource, and that of its account."""

    name: str
    account: str

    @property
    def graph(self) -> ResourceGraph:
        """The stack's resources."""
        return _graph(self.name)

    def filled(self, text: str) -> str:
        """An ARN of the table with this stack's names."""
        names = {"account": EVERY_ACCOUNT[self.account], "region": REGION, "project": "items-api", "stack": self.name}
        return text.format(**names) if "{" in text else text

    def arns(self, about: str) -> list[str]:
        """The ARNs of the stack's resources of a type, or the one ARN itself."""
        if not about.startswith("aws:"):
            return [self.filled(about)]
        found = (resource.outputs.get("arn") for resource in self.graph.of_type(about))
        return [str(arn) for arn in found if arn]


@dataclass(frozen=True)
class Request:
    """One authorization: an action on a resource, and the condition keys that AWS sends."""

    action: str
    resource: str
    context: Mapping[str, str]


@dataclass(frozen=True)
class Score:
    """The score of a role: for each resource type and phase, the denied actions."""

    role: str
    wrong: Mapping[str, Mapping[str, tuple[str, ...]]]

    @property
    def passing(self) -> int:
        """Return how many types pass in every phase."""
        return sum(not any(phases.values()) for phases in self.wrong.values())

    def of_phase(self, phase: str) -> str:
        """Return how many of the types with calls in this phase pass in it."""
        calls = [phases[phase] for phases in self.wrong.values() if phase in phases]
        return f"{sum(not wrong for wrong in calls)}/{len(calls)}" if calls else "-"

    @property
    def failures(self) -> list[str]:
        """Return one line for each denied action."""
        return [
            f"{type.rpartition(':')[2]} {phase}: {call}"
            for type, phases in self.wrong.items()
            for phase, calls in phases.items()
            for call in calls
        ]


Allowed = Callable[[Request], bool]


@cache
def table() -> dict[str, dict[str, dict[str, list[str]]]]:
    """Return the calls by section, type and phase."""
    document: dict[str, dict[str, dict[str, list[str]]]] = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    return document


@cache
def _graph(stack: str) -> ResourceGraph:
    added: dict[str, Any] = {"domain": DOMAIN, "delivery": "canary"}
    if stack != REVIEW:
        return evaluate(stack, root=ROOT, config={**configured(stack, edge={}, **added), ORIGIN_KEY: "k" * 40})
    own = {"expires-on": "2027-01-31", "account-id": EVERY_ACCOUNT["review"]}
    review = configured("dev", environment="review", **own, **added)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(ROOT / "infrastructure", root / "infrastructure")
        shutil.copy(ROOT / "Pulumi.yaml", root)
        shutil.copy(ROOT / "Pulumi.dev.yaml", root / f"Pulumi.{stack}.yaml")
        return evaluate(stack, root=root, config=review)


def requests(call: str, about: Sequence[str], stack: Stack) -> Iterator[Request]:
    """Yield the authorizations of AWS for one call of the table."""
    name, *words = call.split()
    given = dict(word.split("=", 1) for word in words)
    action, tags = reference()[name], given.pop("tags", "seen")
    on = given.pop("on", None)
    arns = [arn for each in about for arn in stack.arns(each)]
    for resource in [stack.filled(on)] if on else action.among(arns):
        yield Request(name, resource, dict(_context(action, resource, tags, given, stack)))


def _context(
    action: Action, resource: str, tags: str, given: Mapping[str, str], stack: Stack
) -> Iterator[tuple[str, str]]:
    own = {"project": "items-api", "stack": stack.name}
    sent = {"sent": own, "changed": {"owner": "another-team"}, "seen": {}, "unseen": {}}[tags]
    if sent and "aws:RequestTag" not in action.keys:
        raise LookupError("AWS sends no aws:RequestTag with it")
    yield from ((f"aws:RequestTag/{key}", value) for key, value in sent.items())
    kind = action.type_of(resource)
    if kind and kind.tags and tags in {"seen", "changed"}:
        yield from ((f"aws:ResourceTag/{key}", value) for key, value in own.items())
    if "iam:PermissionsBoundary" in action.keys:
        yield "iam:PermissionsBoundary", f"arn:aws:iam::{EVERY_ACCOUNT[stack.account]}:policy/{PREFIX}-workload"
    for word, value in given.items():
        yield _FACTS[word], f"{value}.{REGION}.amazonaws.com" if word == "via" else value


def score(role: str, allowed: Allowed, stack: Stack, sections: Sequence[str], phases: Sequence[str]) -> Score:
    """Evaluate the calls of these sections and phases."""
    wrong: dict[str, dict[str, tuple[str, ...]]] = {}
    for section in sections:
        for type, calls in table()[section].items():
            if stack.name == REVIEW and not stack.graph.of_type(type) and Stack("dev", "dev").graph.of_type(type):
                continue  # a pull request's stack has no edge
            of = wrong.setdefault(type, {})
            about = [*([type] if type.startswith("aws:") else []), *calls.get("about", [])]
            for phase in (each for each in phases if each in calls):
                found = (text for call in calls[phase] for text in _wrong(call, phase, about, stack, allowed))
                of[phase] = (*of.get(phase, ()), *found)
    return Score(role, wrong)


def _wrong(call: str, phase: str, about: Sequence[str], stack: Stack, allowed: Allowed) -> Iterator[str]:
    try:
        for request in requests(call, about, stack):
            kept = stack.name == "prod" and request.action in KEPT_IN_PROD
            if phase == "delete" and stack.name == REVIEW and request.action in NOT_FOR_A_REVIEW:
                continue
            if allowed(request) == kept:
                yield f"{request.action} {'allowed' if kept else 'denied'} on {request.resource}"
    except (KeyError, LookupError) as error:
        raise LookupError(f"life_cycle.yaml: {call}: {error}") from None


def by_role(account: str, role: str) -> Allowed:
    """Return whether a pipeline role is allowed a request, by its policies and its boundary."""
    return lambda request: may(account, role, request.action, request.resource, **request.context)


def by_workload_boundary(account: str) -> Allowed:
    """Return whether the workload boundary allows a request."""
    workload = named(bootstrap_graph(account), "boundary-workload").inputs["policy"]
    return lambda request: admits([workload], request.action, request.resource, **request.context)


def scores() -> Iterator[Score]:
    """Yield the score of every role."""
    for stack in ACCOUNTS:
        yield score(
            f"deploy-{stack}",
            by_role(stack, f"deploy-{stack}"),
            Stack(stack, stack),
            ("types", "pipeline"),
            PHASES,
        )
    review = Stack(REVIEW, "review")
    yield score("deploy-review", by_role("review", "deploy-review"), review, ("types", "reviews"), PHASES)
    destroys = by_role("review", "destroy-review")
    yield score("destroy-review", destroys, review, ("types", "reviews"), ("read", "delete"))
    for stack in ACCOUNTS:
        yield score(f"plan in {stack}", by_role(stack, "plan"), Stack(stack, stack), ("types", "pipeline"), ("read",))
    for stack in ACCOUNTS:
        yield score(f"workload in {stack}", by_workload_boundary(stack), Stack(stack, stack), ("workload",), ("run",))


def _printed(found: Sequence[Score], *, color: bool) -> Iterator[str]:
    yield f"{'role':<20} {'passing':>9} " + " ".join(f"{phase:>7}" for phase in (*PHASES, "run"))
    for each in found:
        share = f"{each.passing} of {len(each.wrong)}"
        mark = ("\x1b[31m", "\x1b[0m") if color and each.failures else ("", "")
        phases = " ".join(f"{each.of_phase(phase):>7}" for phase in (*PHASES, "run"))
        yield f"{mark[0]}{each.role:<20} {share:>9} {phases}{mark[1]}"
    for each in found:
        for line in each.failures:
            text = f"  {each.role}: {line}"
            yield text if len(text) <= 100 else f"{text[:97]}..."
    deploying = [each for each in found if each.role.startswith("deploy-")]
    types = table()["types"]
    whole = [type for type in types if not any(any(each.wrong.get(type, {}).values()) for each in deploying)]
    yield f"life cycle: {len(whole)} of {len(types)} resource types pass ({', '.join(PHASES)}) for every deploy role"


def main(arguments: Sequence[str]) -> int:
    """Print the score; return 1 if an action is denied."""
    if unknown := [each for each in arguments if each != "--json"]:
        sys.stderr.write(f"{unknown[0]} is unknown; the only option is --json.\n")
        return 2
    found = list(scores())
    if arguments:
        given = {each.role: {"passing": each.passing, "of": len(each.wrong), "wrong": each.failures} for each in found}
        sys.stdout.write(json.dumps(given, indent=2) + "\n")
    else:
        color = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        sys.stdout.writelines(f"{line}\n" for line in _printed(found, color=color))
    return int(any(each.failures for each in found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
