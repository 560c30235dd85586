"""`engine`: the path of the Pulumi CLI."""

import json

from toolkit.arguments import AsJson
from toolkit.engine import EngineError
from toolkit.engine.cli import pulumi_cli
from toolkit.refusals import refusals
from toolkit.stacks.terminal import echo


def engine(as_json: AsJson = False) -> None:
    """Print the path of the Pulumi CLI: that on PATH, else one that is built once from its Go modules."""
    with refusals(EngineError):
        found = pulumi_cli()
    echo(json.dumps({"path": str(found)}) if as_json else found)
