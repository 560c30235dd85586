"""Evaluate all rules at a stack: offline, or at an exported state."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit.policy.evaluation import Outcome, Result, evaluate_rules
from toolkit.policy.pack import Pack, describe_stack
from toolkit.policy.stack import Stack
from toolkit.projects import PROJECTS, place_of
from toolkit.stacks import ResourceGraph, StackFileError, evaluate, load_project, load_stack_config, read_graph
from toolkit.stacks.inputs import inputs_of


@dataclass(frozen=True)
class Assessment:
    """The results of every rule at every resource of one stack."""

    pack: Pack
    stack: Stack
    graph: ResourceGraph
    results: tuple[Result, ...]

    @property
    def blocking(self) -> tuple[Result, ...]:
        """The results that block an update of the stack."""
        return tuple(result for result in self.results if result.blocks(self.stack))

    @property
    def complete(self) -> bool:
        """Return whether the rules evaluated every resource."""
        return not any(gap.hides_resources for gap in self.graph.gaps)

    @property
    def warnings(self) -> tuple[Result, ...]:
        """The failures and unknown results that do not block."""
        return tuple(result for result in self.results if result.unsatisfied and not result.blocks(self.stack))

    @property
    def waived(self) -> tuple[Result, ...]:
        """The failures that a waiver covers."""
        return tuple(result for result in self.results if result.outcome is not Outcome.PASS and result.waiver)

    @property
    def remediated(self) -> tuple[Result, ...]:
        """The passes for which a rule added an absent property."""
        return tuple(result for result in self.results if result.outcome is Outcome.PASS and result.remediated)


def assess_all(pack: Pack, stacks: Iterable[str], state: Path | None, root: Path) -> Iterator[tuple[Path, Assessment]]:
    """Yield the assessment of an exported state, else of these stacks' programs, each with the folder of its project.

    Raises EvaluationError, StackFileError or WaiverFileError, one sentence each.
    """
    if state is not None:
        graph = read_graph(state)
        folder = _folder_of(graph.project, root)
        yield folder, assess(pack, graph, folder)
        return
    for stack in stacks:
        name, folder = place_of(stack, root)
        yield folder, assess_offline(pack, name, folder)


def _folder_of(project: str, root: Path) -> Path:
    """Return the folder of a project of this checkout, the root where there is none of this name."""
    folders = (root / folder for folder in PROJECTS.values() if (root / folder / "Pulumi.yaml").is_file())
    return next((folder for folder in folders if load_project(folder).name == project), root)


def assess_offline(pack: Pack, stack: str, root: Path, config: Mapping[str, str] | None = None) -> Assessment:
    """Evaluate the program of a stack offline; `config` overrides the stack's file.

    Raises EvaluationError, StackFileError or WaiverFileError, one sentence each.
    """
    return assess(pack, evaluate(stack, root=root, config=config), root)


def assess(pack: Pack, graph: ResourceGraph, root: Path) -> Assessment:
    """Evaluate the resources of a graph; the stack's configuration names the environment."""
    if graph.config is None:
        project = load_project(root)
        if graph.project != project.name:
            raise StackFileError(
                f"The stack is one of the project {graph.project}, and here is {project.name}; name the folder of "
                "its project."
            )
        graph = replace(graph, config=load_stack_config(graph.stack, root, project))
    stack = describe_stack(pack, graph.stack, graph.project, graph.config or {})
    return Assessment(pack, stack, graph, evaluate_rules(pack.rules, inputs_of(graph), stack))
