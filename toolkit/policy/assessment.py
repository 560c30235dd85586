"""What the rules say of a whole stack: evaluated offline, or as an exported state has it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from toolkit.policy.evaluation import Outcome, Result, judge
from toolkit.policy.pack import Pack, describe_stack
from toolkit.policy.stack import Stack
from toolkit.projects import PROJECTS, place_of
from toolkit.stacks import ResourceGraph, StackFileError, evaluate, load_project, load_stack_config, read_graph
from toolkit.stacks.facts import facts_of


@dataclass(frozen=True)
class Assessment:
    """The results of every rule at every resource of one stack."""

    pack: Pack
    stack: Stack
    graph: ResourceGraph
    results: tuple[Result, ...]

    @property
    def blocking(self) -> tuple[Result, ...]:
        """What keeps the stack from being updated."""
        return tuple(result for result in self.results if result.blocks(self.stack))

    @property
    def complete(self) -> bool:
        """Whether the rules saw every resource; else nobody can say that they hold."""
        return not any(gap.hides_resources for gap in self.graph.gaps)

    @property
    def warnings(self) -> tuple[Result, ...]:
        """What is broken, or cannot be told, and blocks nothing."""
        return tuple(result for result in self.results if result.broken and not result.blocks(self.stack))

    @property
    def waived(self) -> tuple[Result, ...]:
        """What is broken with leave."""
        return tuple(result for result in self.results if result.outcome is not Outcome.PASS and result.waiver)

    @property
    def mended(self) -> tuple[Result, ...]:
        """What holds only because its rule wrote what was absent."""
        return tuple(result for result in self.results if result.outcome is Outcome.PASS and result.mended)


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
    """The verdict on the program of a stack, from nothing but files; `config` overrides what the stack's file says.

    Raises EvaluationError, StackFileError or WaiverFileError, one sentence each.
    """
    return assess(pack, evaluate(stack, root=root, config=config), root, config)


def assess(pack: Pack, graph: ResourceGraph, root: Path, config: Mapping[str, str] | None = None) -> Assessment:
    """The verdict on resources that are there already; the stack's file says which environment it is."""
    project = load_project(root).name
    if graph.project != project:
        raise StackFileError(
            f"The stack is one of the project {graph.project}, and here is {project}; name the folder of its project."
        )
    said = {**load_stack_config(graph.stack, root), **(config or {})}
    stack = describe_stack(pack, graph.stack, graph.project, said)
    return Assessment(pack, stack, graph, judge(pack.rules, facts_of(graph), stack))
