"""What the doctor looks for on GitHub: the stack's environment and the variables that the workflows read."""

import os
from collections.abc import Iterator

import httpx

from pipeline.doctor.check import Check, Patient, missing, ok

SECONDS = 10.0
DOCUMENTED = "see docs/pipeline.md"


def github(patient: Patient) -> Iterator[Check]:
    """The environment and the variables, where there is a token to ask with."""
    token, repository = os.environ.get("GITHUB_TOKEN"), os.environ.get("GITHUB_REPOSITORY")
    if not token or not repository:
        yield ok("GitHub", "not looked at: set GITHUB_TOKEN and GITHUB_REPOSITORY (owner/name) to have it looked at")
        return
    client = httpx.Client(
        base_url=os.environ.get("GITHUB_API_URL", "https://api.github.com"),
        headers={"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"},
        timeout=SECONDS,
    )
    with client:
        yield from _found(client, f"/repos/{repository}/environments/{patient.stack}", f"Environment {patient.stack}")
        suffix = patient.stack.upper()
        for name in (f"STATE_{suffix}", f"PLAN_ROLE_{suffix}", f"DEPLOY_ROLE_{suffix}", "AWS_REGION"):
            yield from _found(client, f"/repos/{repository}/actions/variables/{name}", f"Variable {name}")


def _found(client: httpx.Client, path: str, name: str) -> Iterator[Check]:
    try:
        answer = client.get(path)
    except httpx.HTTPError as error:
        yield missing(name, f"GitHub does not answer: {error}", "try again later")
        return
    if answer.is_success:
        yield ok(name, str(answer.json().get("value", "is there")))
    elif answer.status_code == httpx.codes.NOT_FOUND:
        yield missing(name, "is not there, or the token may not see it", f"make it: {DOCUMENTED}")
    else:
        yield missing(
            name, f"GitHub answered {answer.status_code}", "give the token leave to read environments and variables"
        )
