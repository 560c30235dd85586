"""The resources, outputs and protection of each committed stack, as one generated file that a reviewer reads."""

import json
from collections import defaultdict
from pathlib import Path

from toolkit.stacks.evaluation import evaluate
from toolkit.stacks.graph import ResourceGraph
from toolkit.stacks.marks import Secret
from toolkit.stacks.settings import ENVIRONMENTS

FILE = Path("docs/stacks.json")


def rendered(root: Path) -> str:
    """Return the file: by stack, the names of the resources by type, what is protected, and the outputs."""
    stacks = [environment for environment in ENVIRONMENTS if (root / f"Pulumi.{environment}.yaml").is_file()]
    return json.dumps({stack: _content(evaluate(stack, root=root)) for stack in stacks}, indent=1) + "\n"


def _content(graph: ResourceGraph) -> dict[str, object]:
    by_type: dict[str, list[str]] = defaultdict(list)
    for resource in graph.resources:
        by_type[resource.type].append(resource.name)
    return {
        "resources": {type_: sorted(names) for type_, names in sorted(by_type.items())},
        "protected": sorted(resource.name for resource in graph.resources if resource.protect),
        "outputs": sorted(graph.outputs),
        "secret-outputs": sorted(name for name, value in graph.outputs.items() if isinstance(value, Secret)),
    }
