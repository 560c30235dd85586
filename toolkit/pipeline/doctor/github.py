"""Check GitHub: the environment, the variables of the workflows and the subject of the tokens."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from toolkit.pipeline.approval import read_approvers, require_reviewers
from toolkit.pipeline.doctor.model import CheckResult, Target, missing, ok
from toolkit.pipeline.doctor.protection import are_set_up, check_branch_rules, check_reviews
from toolkit.pipeline.github.client import GitHub, GitHubError, NotFoundError
from toolkit.pipeline.github.environments import DeploymentEnvironment
from toolkit.pipeline.github.responses import Named, Repository, Subject, Variable
from toolkit.pipeline.settings_and_outputs import BOOTSTRAP
from toolkit.stacks import StackFileError
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.settings import load_account_settings

DOCUMENTED = "see docs/pipeline.md"
APPROVED = "prod"
"""The stack that is deployed with approval."""
STANDARD_SUBJECT = ["repo", "context"]
"""The claims in the default subject of a token, which the roles trust."""

Part = Callable[[GitHub, Target, Repository], Iterator[CheckResult]]


def github(target: Target) -> Iterator[CheckResult]:
    """Check the repository on GitHub, where a token is set."""
    if not os.environ.get("GITHUB_TOKEN") or not os.environ.get("GITHUB_REPOSITORY"):
        yield ok("GitHub", "not checked: set GITHUB_TOKEN and GITHUB_REPOSITORY (owner/name) to check it")
        return
    try:
        client = GitHub.of_environment()
        repository = client.get("", Repository)
    except GitHubError as error:
        yield missing(
            "GitHub", str(error), "set GITHUB_REPOSITORY to owner/name, and GITHUB_TOKEN to its admin's token"
        )
        return
    parts: dict[str, Part] = {
        "Environment": _environments,
        "Variables": _variables,
        "Token subject": _subject,
        "Repository": _identity,
        "Branch rules": lambda *_: check_branch_rules(client, target.root),
        "Reviews": _reviews,
    }
    for name, part in parts.items():
        try:
            yield from part(client, target, repository)
        except GitHubError as error:
            yield missing(name, str(error), "use the token of an admin of the repository (gh auth token)")


def _environments(client: GitHub, target: Target, _repository: Repository) -> Iterator[CheckResult]:
    names = {each.name for each in client.all("/environments", Named)}
    if not names:
        yield missing(
            "Environments",
            "the repository has none, so nothing can be deployed",
            f"create them: {DOCUMENTED}, step 4; a private repository needs GitHub Pro, Team or Enterprise",
        )
        return
    name, stack = f"Environment {target.stack}", target.stack
    if stack not in names:
        yield missing(name, "is missing", f"create it: {DOCUMENTED}, step 4")
        return
    branches = DeploymentEnvironment(client, stack).branches()
    if branches == ["main"]:
        yield ok(name, "deploys from main only")
        return
    found = "every branch, or every protected one" if branches is None else ", ".join(branches) or "no branch"
    yield missing(name, f"deploys from {found}, not from main only", f"set its branches: {DOCUMENTED}, step 4")


def _variables(client: GitHub, target: Target, repository: Repository) -> Iterator[CheckResult]:
    found = _values(client)
    suffix = target.stack.upper()
    for name in (f"STATE_{suffix}", f"PLAN_ROLE_{suffix}", f"DEPLOY_ROLE_{suffix}", "AWS_REGION"):
        if found.get(name):
            yield ok(f"Variable {name}", found[name])
        else:
            yield missing(f"Variable {name}", "is not set", f"set it: {DOCUMENTED}, step 6")
    yield _attestations(found.get("ATTESTATIONS", ""), repository)
    yield _code_scanning(found.get("CODE_SCANNING", ""), repository)
    if found.get(f"PREVIEW_ROLE_{suffix}"):
        yield _preview(f"Variable PREVIEW_ROLE_{suffix}", target)
    if target.stack == APPROVED:
        yield _approval(client, target.stack, found)


def _preview(name: str, target: Target) -> CheckResult:
    """Check the preview role: the engine decrypts secrets before a preview (pkg/secrets/cloud/manager.go of pulumi)."""
    try:
        settings = load_account_settings(target.stack, target.root / BOOTSTRAP)
    except StackFileError as error:
        return missing(name, str(error), f"restore {BOOTSTRAP}/Pulumi.{target.stack}.yaml")
    if settings.previews_read_secrets:
        return ok(name, "every pull request previews against AWS, and may read the stack's secrets")
    fix = f"gh variable delete {name.split()[1]}; {DOCUMENTED}, What the jobs may do"
    return missing(name, "is set, but the role decrypts no secrets, so the preview fails", fix)


def _values(client: GitHub) -> dict[str, str]:
    """Return the variables of the jobs: the repository's, and those shared by its organization."""
    shared: dict[str, str] = {}
    with suppress(NotFoundError):  # the repository of a person has no organization
        shared = {each.name: each.value for each in client.all("/actions/organization-variables", Variable)}
    return shared | {each.name: each.value for each in client.all("/actions/variables", Variable)}


def plan_variables(client: GitHub) -> dict[str, str]:
    """Return the right values of the variables that depend on the repository's plan. Raises GitHubError.

    The API does not show whether a private repository is on GitHub Enterprise Cloud, so a `yes` of its owner stays.
    """
    repository = client.get("", Repository)
    attests = repository.visibility != "private" or _values(client).get("ATTESTATIONS") == "yes"
    scans = _is_public(repository) or _has_code_security(repository)
    return {"ATTESTATIONS": "yes" if attests else "no", "CODE_SCANNING": "yes" if scans else "no"}


def _attestations(value: str, repository: Repository) -> CheckResult:
    """Check the variable ATTESTATIONS: private repositories have them on GitHub Enterprise Cloud only."""
    name, private = "Variable ATTESTATIONS", repository.visibility == "private"
    if value not in ("", "yes", "no"):
        fix = f"gh variable set ATTESTATIONS --body {'no' if private else 'yes'}"
        return missing(name, f"is {value!r}, which is taken for no", fix)
    if not private:
        if value == "no":
            return missing(name, "is no in a repository that has them", "gh variable set ATTESTATIONS --body yes")
        return ok(name, "packages are attested")
    if value == "yes":
        return ok(name, "packages are attested, which a private repository has on GitHub Enterprise Cloud only")
    return ok(
        name,
        "packages are not attested, only their digest is checked; on GitHub Enterprise Cloud: "
        "gh variable set ATTESTATIONS --body yes",
    )


def _code_scanning(value: str, repository: Repository) -> CheckResult:
    """Check the variable CODE_SCANNING: it is free in public repositories, others need GitHub Code Security.

    Unset, the workflow Security takes `yes` in a public repository and `no` in others.
    """
    name, public = "Variable CODE_SCANNING", _is_public(repository)
    available = public or _has_code_security(repository)
    fix = f"gh variable set CODE_SCANNING --body {'yes' if available else 'no'}"
    if value not in ("", "yes", "no"):
        return missing(name, f"is {value!r}, which is taken for no", fix)
    scans = value == "yes" or (value == "" and public)
    if scans and not available:
        return missing(name, "is yes, but GitHub Code Security is not enabled here, so the job fails", fix)
    if available and not scans:
        return missing(
            name, f"is {value or 'not set'}: findings stay artifacts, though code scanning is available", fix
        )
    return ok(name, "findings go to code scanning" if scans else "findings stay artifacts of the runs")


def _is_public(repository: Repository) -> bool:
    return repository.visibility == "public"


def _has_code_security(repository: Repository) -> bool:
    return repository.has("advanced_security") or repository.has("code_security")


def _approval(client: GitHub, stack: str, found: Mapping[str, str]) -> CheckResult:
    name, fix = f"Approval of {stack}", f"{DOCUMENTED}, Approval of prod"
    reviewers, approvers = (found.get(f"{stack.upper()}_{kind}", "") for kind in ("REVIEWERS", "APPROVERS"))
    try:
        if approvers:
            return ok(name, f"by {', '.join(read_approvers(approvers, stack))}, who start the workflow by hand")
        if reviewers == "yes":
            require_reviewers(stack, client)
            return ok(name, f"by the reviewers of the environment {stack}")
    except GitHubError:
        raise
    except RefusedError as error:
        return missing(name, str(error), fix)
    return missing(
        name, f"none is set up, so no workflow changes {stack}", f"set PROD_REVIEWERS or PROD_APPROVERS: {fix}"
    )


def _subject(client: GitHub, _target: Target, _repository: Repository) -> Iterator[CheckResult]:
    """Check the subject of the tokens: an organization can customise it, and then no role trusts them."""
    subject = client.get("/actions/oidc/customization/sub", Subject)
    keys = subject.include_claim_keys or []
    if subject.use_default or keys == STANDARD_SUBJECT:
        yield ok("Token subject", "has the standard form, which the roles trust")
        return
    claims = ", ".join(map(str, keys)) or "what the organization chose"
    fix = f"gh api -X PUT repos/{client.repository}/actions/oidc/customization/sub -F use_default=true"
    yield missing("Token subject", f"has the claims {claims}, so no role trusts the jobs' tokens", fix)


def _identity(client: GitHub, target: Target, repository: Repository) -> Iterator[CheckResult]:
    """Check that the account's roles trust this repository by name and ids."""
    yield _trust("Trusted repository", client, target, target.stack, repository)


def _reviews(client: GitHub, target: Target, repository: Repository) -> Iterator[CheckResult]:
    variables = _values(client)
    yield from check_reviews(client, variables)
    if are_set_up(variables):
        yield _trust("Trusted repository of reviews", client, target, "review", repository)


def _trust(name: str, client: GitHub, target: Target, account: str, repository: Repository) -> CheckResult:
    try:
        trusted = load_account_settings(account, target.root / BOOTSTRAP).repository
    except StackFileError as error:
        return missing(name, str(error), f"restore {BOOTSTRAP}/Pulumi.{account}.yaml")
    owner = repository.owner
    real = {"owner": owner.login, "owner-id": owner.id, "name": repository.name, "id": repository.id}
    named = trusted.model_dump(by_alias=True) if trusted else dict.fromkeys(real)
    wrong = ", ".join(f"{key} is {named[key]}, not {value}" for key, value in real.items() if named[key] != value)
    if not wrong:
        return ok(name, f"{client.repository}, number {real['id']}")
    fix = f"write that into {BOOTSTRAP}/Pulumi.{account}.yaml, then update the account: {BOOTSTRAP}/README.md"
    return missing(name, wrong, fix)
