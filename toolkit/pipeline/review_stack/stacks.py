"""Create, list and destroy the stacks of pull requests."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from toolkit.engine.cli import cli_of
from toolkit.engine.process import Report
from toolkit.engine.runs import StackRun, refuse_failed, stacks_in_backend
from toolkit.pipeline.review_stack.stack_file import is_review, secrets_provider, write_stack_file
from toolkit.stacks.declared_secrets import new_secret
from toolkit.stacks.errors import RefusedError
from toolkit.stacks.json_documents import parse_json
from toolkit.stacks.settings import load_stack_file
from toolkit.stacks.urns import Urn

PROVIDER = "pulumi:providers:aws"
_PROVIDERS = "pulumi:providers:"
_PACKAGES = {"aws", "pulumi"}
"""The packages of this program's resources."""
_PLUGIN_SOURCE = re.compile(r'"(pluginDownloadURL|parameterization|extensionParameterization)"')
_ENCRYPTED_BY = ("encryptionsalt", "encryptedkey")


@dataclass(frozen=True)
class ReviewStack:
    """A stack in the state, and its day of expiry; None where it has none."""

    name: str
    expires_on: date | None

    def is_expired(self, today: date) -> bool:
        """Return whether it has expired: from its day on."""
        return self.expires_on is not None and self.expires_on <= today


def create_or_update(stack: str, root: Path, expires_on: date, report: Report) -> Mapping[str, Any]:
    """Make the stack where there is none, and update it; its outputs, those that are secret hidden.

    Raises RefusedError.
    """
    _refuse_other_stacks(stack)
    known, file = stack in stacks_in_backend(root), root / f"Pulumi.{stack}.yaml"
    if known and not any(key in file.read_text() for key in _ENCRYPTED_BY if file.exists()):
        # A fresh checkout has no file of it, or one that no engine has seen; the last update knows its secrets.
        cli_of(root).answer("config", "refresh", "--force", "--stack", stack)
    write_stack_file(root, stack, expires_on)
    run = StackRun(stack, root, report)
    if not known:
        provider = secrets_provider(root, stack)
        run.create("--no-select", *(["--secrets-provider", provider] if provider else []))
    written, text = load_stack_file(stack, root), file.read_text()
    for name in (each for each in written.secrets if f"{written.project}:{each}:" not in text):
        cli_of(root).answer("config", "set", "--secret", name, "--stack", stack, typed=new_secret())
    refuse_failed(run.up())
    return run.outputs()


def destroy_stack(stack: str, root: Path, report: Report) -> bool:
    """Destroy and remove the stack and its file; return whether there was one. Raises RefusedError.

    It runs no program: it deletes what the state lists.
    """
    _refuse_other_stacks(stack)
    found = stack in stacks_in_backend(root)
    if found:
        _refuse_unknown_plugins(stack, root)
        refuse_failed(StackRun(stack, root, report).destroy("--remove"))
    (root / f"Pulumi.{stack}.yaml").unlink(missing_ok=True)
    return found


def review_stacks(root: Path) -> Sequence[ReviewStack]:
    """Return every stack of a pull request in the state. Raises RefusedError."""
    return tuple(ReviewStack(name, _expires_on(name, root)) for name in stacks_in_backend(root) if is_review(name))


def _refuse_other_stacks(stack: str) -> None:
    if not is_review(stack):
        raise RefusedError(f"{stack!r} is not the stack of a pull request; their names are review-NUMBER.")


def _refuse_unknown_plugins(stack: str, root: Path) -> None:
    """Raise RefusedError where the state names a plugin that this program does not use.

    An approved pull request writes its own state, and the engine downloads and starts each provider that a state names,
    from the pluginDownloadURL that stands beside it (pkg/engine/plugins.go of pulumi/pulumi). It knows a provider by
    the type in its URN, and adds one for each custom resource that names none (pkg/resource/deploy/deployment.go).
    """
    for each in _resources(stack, root):
        kind, in_urn = str(each.get("type", "")), Urn.parse(str(each.get("urn", ""))).type
        is_provider = _PROVIDERS in (kind[: len(_PROVIDERS)], in_urn[: len(_PROVIDERS)])
        is_foreign = bool(each.get("custom")) and not {_package(kind), _package(in_urn)} <= _PACKAGES
        if is_foreign or (is_provider and (not kind == in_urn == PROVIDER or _PLUGIN_SOURCE.search(json.dumps(each)))):
            named = next((one for one in (kind, in_urn) if _package(one) not in _PACKAGES), in_urn)
            raise RefusedError(
                f"The state of {stack} names the provider {named.removeprefix(_PROVIDERS)!r} from another source than "
                "this program's: read the state (pulumi stack export), then destroy the stack by hand."
            )


def _package(kind: str) -> str:
    return kind.partition(":")[0]


def _resources(stack: str, root: Path) -> Sequence[Mapping[str, Any]]:
    """Return the resources of the stack's state. Raises RefusedError."""
    found: Sequence[Mapping[str, Any]] = StackRun(stack, root).export()["deployment"].get("resources") or ()
    return found


def _expires_on(stack: str, root: Path) -> date | None:
    """Return the day of the default tag expires-on; None without it, or for an unreadable state."""
    try:
        default_tags = [each["inputs"]["defaultTags"] for each in _resources(stack, root) if each["type"] == PROVIDER]
        found = (parse_json(tags, "the tags") if isinstance(tags, str) else tags for tags in default_tags)
        return next((date.fromisoformat(each["tags"]["expires-on"]) for each in found), None)
    except (RefusedError, KeyError, TypeError, ValueError):
        return None  # one malformed state must not stop the cleanup of the others
