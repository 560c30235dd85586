"""Check AWS: the backend, the account of the credentials, and the bootstrap resources."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from toolkit.engine import EngineError
from toolkit.engine.runs import backend_url, stacks_in_backend
from toolkit.pipeline.aws_client import aws_client
from toolkit.pipeline.doctor.aws_quotas import limits
from toolkit.pipeline.doctor.model import CheckResult, Target, missing, ok
from toolkit.pipeline.settings_and_outputs import BOOTSTRAP
from toolkit.stacks import load_project
from toolkit.stacks.errors import RefusedError

PREPARE = f"prepare the account: {BOOTSTRAP}/README.md"


def backend(target: Target) -> Iterator[CheckResult]:
    """Check the backend: it exists, a bucket has versioning, and the stack is in it."""
    try:
        url = backend_url(target.root)
        stacks = stacks_in_backend(target.root)
    except EngineError as error:
        yield missing("Backend", str(error), 'pulumi login "<output state of infrastructure/bootstrap>"')
        return
    yield ok("Backend", url)
    parts = urlsplit(url)
    if parts.scheme == "s3":
        yield from _versioned(parts.netloc)
    if target.stack in stacks:
        yield ok("Stack", f"{target.stack} is in the backend")
    else:
        yield missing("Stack", f"the backend has no stack {target.stack}", f"pulumi stack init {target.stack}")


def credentials(target: Target) -> Iterator[CheckResult]:
    """Check the credentials, and the bootstrap resources and quotas of their account."""
    fix = f"take a role of account {target.account}, or set AWS_PROFILE to one"
    try:
        who = aws_client("sts", target.region).get_caller_identity()
    except (ClientError, BotoCoreError, RefusedError) as error:
        yield missing("AWS credentials", str(error), fix)
        return
    if who["Account"] == target.account:
        yield ok("AWS credentials", who["Arn"])
        yield from _prepared(target)
        yield from limits(target)
    else:
        yield missing("AWS credentials", f"they belong to account {who['Account']}, not {target.account}", fix)


def _prepared(target: Target) -> Iterator[CheckResult]:
    """Check the roles of the jobs and the boundary of the stack's roles."""
    iam, project = aws_client("iam", target.region), load_project(target.root / BOOTSTRAP).name
    for name in ("preview", "plan", f"deploy-{target.stack}"):
        role = f"{project}-{name}"
        yield _there(f"Role {role}", partial(iam.get_role, RoleName=role))
    if target.boundary:
        arn = f"arn:aws:iam::{target.account}:policy/{target.boundary}"
        yield _there("Permissions boundary", partial(iam.get_policy, PolicyArn=arn))


def _versioned(bucket: str) -> Iterator[CheckResult]:
    fix = f"aws s3api put-bucket-versioning --bucket {bucket} --versioning-configuration Status=Enabled"
    try:
        status: Any = aws_client("s3").get_bucket_versioning(Bucket=bucket).get("Status")
    except (ClientError, BotoCoreError, RefusedError) as error:
        yield missing("State's versions", str(error), fix)
        return
    yield ok("State's versions", "kept") if status == "Enabled" else missing("State's versions", "are not kept", fix)


def _there(name: str, look: Callable[[], object]) -> CheckResult:
    try:
        look()
    except (ClientError, BotoCoreError) as error:
        return missing(name, str(error), PREPARE)
    return ok(name, "is there")
