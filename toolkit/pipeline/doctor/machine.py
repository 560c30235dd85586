"""Check this machine: the Pulumi CLI, the file of the stack and the package."""

import os
from collections.abc import Iterator

from toolkit.engine import EngineError
from toolkit.engine.cli import BYPASSING, FIRST_WITH_IGNORE_PROTECT, bypassing_variables, cli_of
from toolkit.pipeline.deploy.promotion import PREVIOUS_STACK, promotable
from toolkit.pipeline.doctor.model import CheckResult, Target, missing, ok
from toolkit.pipeline.dossier.package_changes import built_packages
from toolkit.stacks import load_project
from toolkit.stacks.errors import FileError, RefusedError
from toolkit.stacks.files import read_text
from toolkit.stacks.stack_files import secret_names
from toolkit.stacks.yaml_documents import read_yaml

LICENCE_FILES = {"LICENSE", "LICENCE", "COPYING"}
PLACEHOLDER_ACCOUNTS = {"111111111111", "222222222222", "333333333333"}


def cli(target: Target) -> Iterator[CheckResult]:
    """Check the Pulumi CLI: at least the version of .pulumi.version, which the workflows and tests use."""
    try:
        wanted = read_text(target.root / ".pulumi.version", largest=100).strip()
    except FileError as error:
        yield missing("Pulumi CLI", str(error), "git checkout .pulumi.version")
        return
    fix = f"install Pulumi {wanted} or newer: https://www.pulumi.com/docs/install/"
    try:
        found = cli_of(target.root).answer("version").strip()
        is_old = _numbers(found) < _numbers(wanted)
    except (EngineError, ValueError) as error:
        yield missing("Pulumi CLI", str(error), fix)
        return
    yield missing("Pulumi CLI", f"{found} is too old", fix) if is_old else ok("Pulumi CLI", found)
    yield _protection(_numbers(found))


def _protection(version: tuple[int, ...]) -> CheckResult:
    """Check for variables by which a manual `pulumi` deletes protected resources or skips the preview."""
    if found := bypassing_variables(os.environ):
        return missing("Protection", f"set in the environment: {', '.join(found)}", f"unset {' '.join(found)}")
    options = [option for option in BYPASSING if option != "ignore-protect" or version >= FIRST_WITH_IGNORE_PROTECT]
    return ok("Protection", f"no variable bypasses it; never pass {' or '.join(f'--{each}' for each in options)}")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.removeprefix("v").partition("-")[0].split("."))


def stack_file(target: Target) -> Iterator[CheckResult]:
    """Check the secrets provider, the secrets and the account in the file of the stack."""
    name, stack = f"Pulumi.{target.stack}.yaml", target.stack
    document = read_yaml(target.root / name, as_engine=True) or {}
    provider = document.get("secretsprovider") or ("passphrase" if document.get("encryptionsalt") else None)
    if provider:
        yield ok("Secrets provider", provider)
    else:
        fix = f'pulumi stack init {stack} --secrets-provider "<output secrets_provider of the account>{stack}"'
        yield missing("Secrets provider", f"{name} names none", fix)
    project, config = load_project(target.root), document.get("config") or {}
    for secret in secret_names(project, config):
        key, title = config.get(f"{project.name}:{secret}"), f"Secret {secret}"
        if isinstance(key, dict) and "secure" in key:
            yield ok(title, f"encrypted in {name}")
        else:
            fix = f"openssl rand -base64 32 | pulumi config set --secret {secret} --stack {stack}"
            yield missing(title, f"{name} has no encrypted {project.name}:{secret}", fix)
    if target.account in PLACEHOLDER_ACCOUNTS:
        yield missing("Account", f"{target.account} is an example", f"write your account's id into {name}")
    else:
        yield ok("Account", target.account)


def package(target: Target) -> Iterator[CheckResult]:
    """Check the package; for a later stack the previous one must have passed the smoke test with it."""
    try:
        digest = promotable(target.stack, target.root)
    except RefusedError as error:
        before = PREVIOUS_STACK.get(target.stack)
        fix = f"deploy and smoke {before} first" if before else f"./stack package {target.stack}"
        yield missing("Package", str(error), fix)
        return
    built = [each for each in built_packages(target.root) if each.stack == target.stack]
    yield ok("Package", f"sha256 {digest[:12]}{''.join(f', {each.zipped / 1e6:.1f} MB' for each in built)}")


def licence(target: Target) -> Iterator[CheckResult]:
    """Report whether the repository has a licence; the owner decides, so a missing one is no failure."""
    found = sorted(file.name for file in target.root.iterdir() if file.stem.upper() in LICENCE_FILES)
    if found:
        yield ok("Licence", found[0])
    else:
        yield ok("Licence", "missing: nobody else may use this code until its owner adds a LICENSE file")
