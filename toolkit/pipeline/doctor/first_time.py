"""Check what would stop the first deployment half way: example values, the provider's plugin, and taken names."""

import re
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from toolkit.engine import EngineError
from toolkit.engine.answers import PLUGINS, read_answer
from toolkit.engine.cli import cli_of
from toolkit.pipeline.aws_client import aws_client
from toolkit.pipeline.doctor.model import CheckResult, Target, missing, ok
from toolkit.pipeline.settings_and_outputs import BOOTSTRAP
from toolkit.resource_types.cognito import USER_POOL_DOMAIN
from toolkit.resource_types.s3 import BUCKET
from toolkit.stacks import evaluate, load_project, load_stack_config
from toolkit.stacks.errors import FileError, RefusedError
from toolkit.stacks.files import read_text
from toolkit.stacks.inputs import inputs_of
from toolkit.stacks.references import known_text

OWNERS = ".github/CODEOWNERS"
_EXAMPLE = re.compile(r"(^|[@./])example(\.(com|net|org))?$|^@example/")
"""The domains that RFC 2606 reserves for examples, and the owner in the files of this repository."""
_NOT_FOUND = {"404", "NoSuchBucket"}


def examples(target: Target) -> Iterator[CheckResult]:
    """Check for example owners, e-mail addresses and domains in the files of the stack, its account and the owners."""
    for folder in ("", BOOTSTRAP):
        file = f"{folder}/Pulumi.{target.stack}.yaml".lstrip("/")
        try:
            project = load_project(target.root / folder)
            config = load_stack_config(target.stack, target.root / folder, project)
        except FileError as error:
            yield missing(f"Values of {file}", str(error), f"write {file}: {BOOTSTRAP}/README.md")
            continue
        found = sorted({f"{where} ({text})" for where, text in _texts(config.get(f"{project.name}:settings"), "")})
        yield _without_examples(f"Values of {file}", found, file)
    try:
        owners = read_text(target.root / OWNERS).split()
    except FileError:
        owners = []
    yield _without_examples(f"Owners of {OWNERS}", sorted(set(filter(_EXAMPLE.search, owners))), OWNERS)


def _without_examples(name: str, found: list[str], file: str) -> CheckResult:
    if found:
        return missing(name, f"examples: {', '.join(found)}", f"write your own values into {file}")
    return ok(name, "no example is left")


def _texts(value: Any, where: str) -> Iterator[tuple[str, str]]:
    """Yield each text that is an example, with its path."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _texts(each, f"{where}.{key}".lstrip("."))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each, where)
    elif isinstance(value, str) and _EXAMPLE.search(_host(value)):
        yield where, value


def _host(value: str) -> str:
    """Return the host of a URL, else the value."""
    return value.partition("://")[2].partition("/")[0] if "://" in value else value


def plugin(target: Target) -> Iterator[CheckResult]:
    """Check the plugin of the AWS provider: the version of the installed package, which the engine looks for."""
    name, wanted = "Provider plugin", version("pulumi-aws")
    fix = f"pulumi plugin install resource aws {wanted}"
    try:
        listed, _ = read_answer(PLUGINS, cli_of(target.root).answer("plugin", "ls", "--json"), "`pulumi plugin ls`")
    except EngineError as error:
        yield missing(name, str(error), "install the Pulumi CLI: https://www.pulumi.com/docs/install/")
        return
    found = [each.version.removeprefix("v") for each in listed if (each.kind, each.name) == ("resource", "aws")]
    if wanted in found:
        yield ok(name, f"aws {wanted}")
    else:
        yield missing(name, f"aws {wanted} is missing; installed: {', '.join(found) or 'none'}", fix)


def names(target: Target) -> Iterator[CheckResult]:
    """Check the names that AWS has once for all accounts: sign-in domains and buckets. Both programs must evaluate."""
    for folder in ("", BOOTSTRAP):
        try:
            graph = inputs_of(evaluate(target.stack, root=target.root / folder))
        except RefusedError as error:
            file = f"{folder}/Pulumi.{target.stack}.yaml".lstrip("/")
            yield missing(f"Names of {file}", str(error), f"correct {file}")
            continue
        for resource in graph.of(USER_POOL_DOMAIN):
            if domain := known_text(resource, "domain"):
                yield _domain(target, domain)
        for resource in graph.of(BUCKET):
            if bucket := known_text(resource, "bucket"):
                yield _bucket(target, bucket)


def _domain(target: Target, domain: str) -> CheckResult:
    name = f"Sign-in domain {domain}"
    try:
        found = aws_client("cognito-idp", target.region).describe_user_pool_domain(Domain=domain)["DomainDescription"]
    except (ClientError, BotoCoreError, RefusedError) as error:
        return missing(name, str(error), "use a role with cognito-idp:DescribeUserPoolDomain")
    if not found:
        return ok(name, "is free")
    account = found.get("AWSAccountId") or "another account"
    if account == target.account:
        return ok(name, "is in use in this account: by this stack, if it is deployed")
    return missing(name, f"is in use by account {account}", "set another sign-in domain in the stack's file")


def _bucket(target: Target, bucket: str) -> CheckResult:
    name = f"Bucket {bucket}"
    try:
        aws_client("s3", target.region).head_bucket(Bucket=bucket, ExpectedBucketOwner=target.account)
    except ClientError as error:
        if error.response["Error"]["Code"] in _NOT_FOUND:
            return ok(name, "is free")
        return missing(name, f"belongs to another account, or may not be read ({error})", "use another name or role")
    except (BotoCoreError, RefusedError) as error:
        return missing(name, str(error), "use a role with s3:ListBucket")
    return ok(name, "is in this account")
