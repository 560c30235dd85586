"""Check AWS: the backend, the account of the credentials, the bootstrap resources and the quotas."""

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from toolkit.engine import EngineError
from toolkit.engine.runs import StackRun, backend_url, stacks_in_backend
from toolkit.pipeline.aws_client import aws_client
from toolkit.pipeline.doctor.model import CheckResult, Target, missing, ok
from toolkit.pipeline.settings_and_outputs import BOOTSTRAP
from toolkit.policy.concurrency import needed_concurrency
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.stacks import evaluate, load_project
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.inputs import inputs_of

KEPT_UNRESERVED = 100
"""Unreserved concurrency that AWS keeps: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html"""
USUAL_QUOTA = 1000
BILLING_GUIDE = (
    "https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/control-access-billing.html"
    "#ControllingAccessWebsite-Activate"
)
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
        yield from _bucket_versioning(parts.netloc)
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
        yield from _bootstrap_resources(target)
        yield from quotas(target)
    else:
        yield missing("AWS credentials", f"they belong to account {who['Account']}, not {target.account}", fix)


def _bootstrap_resources(target: Target) -> Iterator[CheckResult]:
    """Check the roles of the jobs and the boundary of the stack's roles."""
    iam, project = aws_client("iam", target.region), load_project(target.root / BOOTSTRAP).name
    for name in ("preview", "plan", f"deploy-{target.stack}"):
        role = f"{project}-{name}"
        yield _exists(f"Role {role}", partial(iam.get_role, RoleName=role))
    if target.boundary:
        arn = f"arn:aws:iam::{target.account}:policy/{target.boundary}"
        yield _exists("Permissions boundary", partial(iam.get_policy, PolicyArn=arn))


def _bucket_versioning(bucket: str) -> Iterator[CheckResult]:
    fix = f"aws s3api put-bucket-versioning --bucket {bucket} --versioning-configuration Status=Enabled"
    try:
        status: Any = aws_client("s3").get_bucket_versioning(Bucket=bucket).get("Status")
    except (ClientError, BotoCoreError, RefusedError) as error:
        yield missing("State's versions", str(error), fix)
        return
    yield ok("State's versions", "kept") if status == "Enabled" else missing("State's versions", "are not kept", fix)


def _exists(name: str, look: Callable[[], object]) -> CheckResult:
    try:
        look()
    except (ClientError, BotoCoreError) as error:
        return missing(name, str(error), PREPARE)
    return ok(name, "exists")


def quotas(target: Target) -> Iterator[CheckResult]:
    """Check the account's access to budgets and its Lambda concurrency quota."""
    yield _billing(target)
    try:
        graph = evaluate(target.stack, root=target.root)
    except RefusedError as error:
        yield missing("Lambda concurrency", f"the stack cannot be evaluated: {error}", "correct the stack's file")
        return
    inputs = inputs_of(graph)
    reserved = {one.urn: one.number("reservedConcurrentExecutions", -1) for one in inputs.of(FUNCTION)}
    shared = [one for one in inputs.of(FUNCTION) if reserved[one.urn] < 0]
    yield _concurrency(
        target,
        reserved=sum(int(number) for number in reserved.values() if number > 0),
        admitted=math.ceil(sum(needed_concurrency(inputs, function) for function in shared)),
    )


def _billing(target: Target) -> CheckResult:
    try:
        aws_client("budgets", "us-east-1").describe_budgets(AccountId=target.account, MaxResults=1)
    except ClientError as error:
        if not error.response["Error"]["Code"].startswith("AccessDenied"):
            return missing("Billing access", str(error), "see docs/operations.md, step 0")
        detail = f"AWS Budgets denies access to account {target.account}, so no budget can be created"
        fix = (
            "as the account's root user turn on the account setting 'IAM user and role access to Billing information' "
            f"({BILLING_GUIDE}), or use a role with budgets:ViewBudget"
        )
        return missing("Billing access", detail, fix)
    except (BotoCoreError, RefusedError) as error:
        return missing("Billing access", str(error), "see docs/operations.md, step 0")
    return ok("Billing access", "budgets can be read")


def _concurrency(target: Target, *, reserved: int, admitted: int) -> CheckResult:
    """Check the reserved concurrency of the stack, and the requests admitted to functions without a reservation."""
    name, region = "Lambda concurrency", target.region
    try:
        client = aws_client("lambda", region)
        limit = client.get_account_settings()["AccountLimit"]
        own = _own_reservation(client, target)
    except (ClientError, BotoCoreError, RefusedError) as error:
        return missing(name, str(error), "use a role with lambda:GetAccountSettings and lambda:GetFunctionConcurrency")
    quota, free = limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"]
    others = quota - free - own
    needed = others + reserved + max(KEPT_UNRESERVED, admitted)
    raise_it = (
        "aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 "
        f"--desired-value {max(USUAL_QUOTA, needed)} --region {region}"
    )
    wants = (
        f"the stack reserves {reserved}, other functions reserve {others} and AWS keeps {KEPT_UNRESERVED} unreserved"
    )
    if reserved and quota < needed:
        return missing(name, f"the quota of {region} is {quota}, but must be {needed} or more: {wants}", raise_it)
    left = free + own - reserved
    if admitted > left:
        detail = (
            f"the throttles admit requests for {admitted} instances of functions without "
            f"reservedConcurrentExecutions, but {left} of the quota of {region}, {quota}, are unreserved"
        )
        return missing(name, detail, f"lower the throttles, or: {raise_it}")
    return ok(name, f"the quota of {region} is {quota}, of which {free} are unreserved; {wants}")


def _own_reservation(client: Any, target: Target) -> int:
    """Return the present reservation of the stack's function; 0 without a state or a function."""
    try:
        function = StackRun(target.stack, target.root).outputs().get("function_name")
    except EngineError:
        return 0
    if not function:
        return 0
    try:
        return int(client.get_function_concurrency(FunctionName=function).get("ReservedConcurrentExecutions", 0))
    except client.exceptions.ResourceNotFoundException:
        return 0
