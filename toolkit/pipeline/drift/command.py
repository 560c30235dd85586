"""`drift`: compare a stack with its last deployment."""

import json
from pathlib import Path
from typing import Annotated

import typer

from toolkit.arguments import AsJson, stack_argument
from toolkit.pipeline.drift.comparison import UpdateInProgressError, find_drift
from toolkit.pipeline.drift.findings import Drift
from toolkit.refusals import refusals, say
from toolkit.stacks.files import output_file
from toolkit.stacks.terminal import echo
from toolkit.stacks.urns import name_in


def drift(stack: Annotated[str, stack_argument("The stack to compare.")], as_json: AsJson = False) -> None:
    """Compare a stack's state and released code with AWS, and write build/drift/STACK.json; the state is not written.

    Exit 1 where something drifted or the comparison failed; 0, without a file, while the stack is being changed.
    """
    root = Path.cwd()
    try:
        with refusals():
            file = output_file(root, "drift", f"{stack}.json")
            file.unlink(missing_ok=True)
            findings = find_drift(stack, root, say)
    except UpdateInProgressError as reason:
        echo(json.dumps({"stack": stack, "skipped": str(reason)}) if as_json else f"not compared: {reason}")
        return
    result = Drift.of(stack, findings)
    with refusals():
        result.write(file)
    if as_json:
        echo(json.dumps(result.document(), indent=2))
    else:
        echo(f"{stack}: {f'{len(findings)} findings' if findings else 'clean'}")
        for finding in findings:
            echo(f"  {finding.kind} {name_in(finding.urn)} {finding.detail or ', '.join(finding.properties)}".rstrip())
    raise typer.Exit(int(bool(findings)))
