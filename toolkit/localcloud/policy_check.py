"""Evaluates the policies for the stack `local` before any of its resources is created."""

from pathlib import Path

from toolkit.localcloud.running import LocalCloudError
from toolkit.localcloud.stack_file import STACK, LocalStackFile
from toolkit.policy.assessment import Assessment, assess_offline
from toolkit.policy.pack import configured_pack


def require_policies(root: Path, url: str) -> str:
    """Return the number of evaluations. Raises LocalCloudError with the violations where some of them block.

    Raises RefusedError.
    """
    assessment = assess_offline(configured_pack(), STACK, root, LocalStackFile.read(root, url).config)
    if assessment.blocking:
        raise LocalCloudError(_violations(assessment))
    warnings = f"{len(assessment.warnings)} warnings (./stack policies {STACK})"
    return f"{len(assessment.results)} evaluations, {warnings}"


def _violations(assessment: Assessment) -> str:
    lines = [
        f"  {one.rule.name} at {one.urn.rpartition('::')[2] or 'the stack'}: {'; '.join(one.messages)}"
        for one in assessment.blocking
    ]
    return "\n".join(["The policies forbid this stack, so nothing was made:", *lines])
