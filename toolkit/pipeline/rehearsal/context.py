"""The context of a rehearsal, from the files of the stack and their offline evaluation."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from toolkit.pipeline import aws_client
from toolkit.pipeline.doctor.github import plan_variables
from toolkit.pipeline.doctor.machine import PLACEHOLDER_ACCOUNTS
from toolkit.pipeline.rehearsal.checks import github_of
from toolkit.pipeline.rehearsal.model import Context, Facts
from toolkit.pipeline.settings_and_outputs import BOOTSTRAP, outputs_of
from toolkit.stacks import evaluate
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.settings import load_account_settings, load_stack_file

BACKEND = "PULUMI_BACKEND_URL"
LOCAL_BACKEND = "file://~"
"""The backend of `pulumi login --local`, unless PULUMI_BACKEND_URL names a folder."""
PLAN_VARIABLES = ("ATTESTATIONS", "CODE_SCANNING")
"""The variables of the workflows that depend on the repository's plan; they are read from GitHub."""
REHEARSED = "dev"
"""The only environment of a rehearsal: other stacks keep data and cannot be destroyed."""


def planned_context(stack: str, root: Path) -> Context:
    """Return the context of a plan, with names in place of outputs of the stack. Raises RefusedError."""
    known = _known(stack, root) | dict.fromkeys(PLAN_VARIABLES, "<yes or no>")
    return Context(stack, root, Facts(known, lambda name: f"<output {name}>"))


def real_context(stack: str, root: Path, outputs: Path | None = None) -> Context:
    """Return the context of a run; stack outputs and GitHub variables are read on first use. Raises RefusedError."""
    context = Context(stack, root, {}, outputs)
    context.facts = Facts(_known(stack, root), partial(read_fact, context))
    return context


def read_fact(context: Context, name: str) -> str:
    """Return a variable for the repository's plan, or an output of the stack. Raises RefusedError."""
    if name in PLAN_VARIABLES:
        return plan_variables(github_of(context))[name]
    try:
        return outputs_of(context.stack, context.root, context.outputs)[name]
    except KeyError:
        raise RefusedError(f"The stack {context.stack} has no output {name}: deploy it first.") from None


def require_account(context: Context) -> None:
    """Refuse an example account and credentials of another account, before any change."""
    account = context.facts["account"]
    if account in PLACEHOLDER_ACCOUNTS:
        raise RefusedError(
            f"Account {account} in Pulumi.{context.stack}.yaml is an example: write your account's id there first."
        )
    aws_client.require_account(load_stack_file(context.stack, context.root))


@contextmanager
def backend(context: Context, *, local: bool) -> Iterator[None]:
    """Use the local backend of the Pulumi CLI inside the block."""
    before = os.environ.get(BACKEND)
    os.environ[BACKEND] = context.facts["local_backend" if local else "state"]
    try:
        yield
    finally:
        os.environ.pop(BACKEND)
        if before is not None:
            os.environ[BACKEND] = before


def _known(stack: str, root: Path) -> dict[str, str]:
    file = load_stack_file(stack, root)
    environment = file.settings.environment
    if environment != REHEARSED:
        raise RefusedError(
            f"{stack} is of the environment {environment}: rehearse with one whose environment is "
            f"{REHEARSED}, which can be destroyed afterwards."
        )
    account = load_account_settings(stack, root / BOOTSTRAP)
    repository = account.repository
    if repository is None:
        raise RefusedError(f"{BOOTSTRAP}/Pulumi.{stack}.yaml has no repository: write the one that deploys the stack.")
    graph = evaluate(stack, root=root / BOOTSTRAP)
    made = graph.outputs
    chosen = os.environ.get(BACKEND, "")
    # A loopback address has no host names of buckets.
    by_path = "&s3ForcePathStyle=true" if os.environ.get("AWS_ENDPOINT_URL") else ""
    return {
        "stack": stack,
        "STACK": stack.upper(),
        "project": file.project,
        "bootstrap": graph.project,
        "region": file.region,
        "account": file.account_id,
        "bootstrap_account": str(account.account_id),
        "repository": f"{repository.owner}/{repository.name}",
        "branch": account.branch,
        "local_backend": chosen if chosen.startswith("file:") else LOCAL_BACKEND,
        "state": f"{made['state']}{by_path}",
        "secrets_provider": str(made["secrets_provider"]),
        "deploy_role": str(made[f"deploy_{stack}_role"]),
        "plan_role": str(made["plan_role"]),
    }
