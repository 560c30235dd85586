"""The bootstrap stacks of the accounts, evaluated offline, and the permissions of their roles as IAM evaluates them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from toolkit.policy.iam.evaluation import PolicyResult, evaluate_policies
from toolkit.stacks import Resource, ResourceGraph, evaluate

BOOTSTRAP = Path(__file__).resolve().parents[2] / "infrastructure" / "bootstrap"
ACCOUNTS = {"dev": "111111111111", "staging": "222222222222", "prod": "333333333333"}
"""The accounts of stacks, by their stack."""
REVIEW_ACCOUNT = "444444444444"
"""The account of pull requests' own stacks; its file is called `review`."""
EVERY_ACCOUNT = {**ACCOUNTS, "review": REVIEW_ACCOUNT}
REGION = "eu-central-1"
PREFIX = "items-api-bootstrap"


@cache
def bootstrap_graph(account: str) -> ResourceGraph:
    """Return the bootstrap stack of the account in this stack file."""
    return evaluate(account, root=BOOTSTRAP)


def named(graph: ResourceGraph, name: str) -> Resource:
    """The only resource of AWS with this logical name."""
    (found,) = (resource for resource in graph.resources if resource.name == name and resource.custom)
    return found


def policies(account: str, role: str) -> dict[str, str]:
    """The documents of a role's own policies by their names."""
    graph = bootstrap_graph(account)
    attached = {
        attachment.inputs["policyArn"]
        for attachment in graph.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        if attachment.inputs["role"] == f"{PREFIX}-{role}"
    }
    found = [policy for policy in graph.of_type("aws:iam/policy:Policy") if policy.outputs["arn"] in attached]
    assert found, f"{account} has no role {role}"
    return {policy.inputs["name"]: policy.inputs["policy"] for policy in found}


def boundary(account: str, role: str) -> str:
    """Return the permissions boundary of a role."""
    graph = bootstrap_graph(account)
    arn = named(graph, f"{role}-role").inputs["permissionsBoundary"]
    (found,) = (policy for policy in graph.of_type("aws:iam/policy:Policy") if policy.outputs["arn"] == arn)
    return str(found.inputs["policy"])


def may(account: str, role: str, action: str, resource: str = "*", **context: str) -> bool:
    """Return whether a role's policies and boundary allow the call. Keys of the context: `kms__viaservice`."""
    return admits(list(policies(account, role).values()), action, resource, **context) and admits(
        [boundary(account, role)], action, resource, **context
    )


def admits(documents: list[str], action: str, resource: str, **context: str) -> bool:
    """Return whether these documents allow the call; `__` in a key of the context is a colon."""
    keys = {key.replace("__", ":").lower(): value for key, value in {"aws__securetransport": "true", **context}.items()}
    return evaluate_policies(documents, action, resource, keys) is PolicyResult.ALLOWED


def arn(account: str, service: str, resource: str, region: str = REGION) -> str:
    """The ARN of something in an account."""
    return f"arn:aws:{service}:{region}:{EVERY_ACCOUNT[account]}:{resource}"


def statements(text: str) -> list[dict[str, Any]]:
    """The statements of a document."""
    found: list[dict[str, Any]] = json.loads(text)["Statement"]
    return found
