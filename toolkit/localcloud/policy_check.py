"""Holds the stack `local` against the policies before anything of it is made."""

from pathlib import Path

from toolkit.localcloud.deployment import SETTINGS, STACK, LocalStackFile
from toolkit.localcloud.running import LocalCloudError
from toolkit.policy.assessment import Assessment, assess_offline
from toolkit.policy.pack import configured_pack


def require_policies(root: Path, url: str) -> str:
    """How many judgements there were, in a sentence; LocalCloudError with the findings where some of them block.

    Raises RefusedError.
    """
    assessment = assess_offline(configured_pack(), STACK, root, {SETTINGS: LocalStackFile.read(root, url).settings})
    if assessment.blocking:
        raise LocalCloudError(_refusal(assessment))
    warnings = f"{len(assessment.warnings)} warnings (make policies STACK={STACK})"
    return f"{len(assessment.results)} judgements, {warnings}"


def _refusal(assessment: Assessment) -> str:
    lines = [
        f"  {one.rule.name} at {one.urn.rpartition('::')[2] or 'the stack'}: {'; '.join(one.messages)}"
        for one in assessment.blocking
    ]
    return "\n".join(["The policies forbid this stack, so nothing was made:", *lines])
