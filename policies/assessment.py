"""What the rules say of a whole stack: evaluated offline, or as an exported state has it."""

from dataclasses import dataclass
from pathlib import Path

from policies.facts import facts_of
from policies.judging import Outcome, Result, judge
from policies.pack import RULES, describe_stack
from policies.stack import Stack
from stackgraph import ResourceGraph, evaluate, load_stack_config


@dataclass(frozen=True)
class Assessment:
    """The results of every rule at every resource of one stack."""

    stack: Stack
    graph: ResourceGraph
    results: tuple[Result, ...]

    @property
    def blocking(self) -> tuple[Result, ...]:
        """What keeps the stack from being updated."""
        return tuple(result for result in self.results if result.blocks(self.stack))

    @property
    def warnings(self) -> tuple[Result, ...]:
        """What is broken, or cannot be told, and blocks nothing."""
        return tuple(result for result in self.results if result.broken and not result.blocks(self.stack))

    @property
    def waived(self) -> tuple[Result, ...]:
        """What is broken with leave."""
        return tuple(result for result in self.results if result.outcome is not Outcome.PASS and result.waiver)


def assess_offline(stack: str, root: Path) -> Assessment:
    """The verdict on the program of a stack, from nothing but files.

    Raises EvaluationError, StackFileError or WaiverFileError, one sentence each.
    """
    return assess(evaluate(stack, root=root), root)


def assess(graph: ResourceGraph, root: Path) -> Assessment:
    """The verdict on resources that are there already; the stack's file says which environment it is."""
    config = load_stack_config(graph.stack, root)
    stack = describe_stack(graph.stack, graph.project, config)
    return Assessment(stack, graph, judge(RULES, facts_of(graph), stack))
