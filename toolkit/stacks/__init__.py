"""A stack as data: its resources, properties and dependencies, evaluated without engine, network or credentials."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from toolkit.stacks.errors import EvaluationError, StackFileError
from toolkit.stacks.graph import Resource, ResourceGraph
from toolkit.stacks.isolation import collection_paused
from toolkit.stacks.marks import Secret, reveal
from toolkit.stacks.provider import Created, ResourceProvider
from toolkit.stacks.stack_files import load_project, load_stack_config

if TYPE_CHECKING:
    from toolkit.stacks.evaluation import evaluate
    from toolkit.stacks.graph_file import read_graph

# These two need Pulumi's SDK, which is slow to import; reading a stack's file does not need it.
_LAZY_NAMES = {"evaluate": "toolkit.stacks.evaluation", "read_graph": "toolkit.stacks.graph_file"}

__all__ = [
    "Created",
    "EvaluationError",
    "Resource",
    "ResourceGraph",
    "ResourceProvider",
    "Secret",
    "StackFileError",
    "evaluate",
    "load_project",
    "load_stack_config",
    "read_graph",
    "reveal",
]


def __getattr__(name: str) -> Any:
    """Import what needs the SDK at its first use."""
    if name not in _LAZY_NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with collection_paused():
        return getattr(import_module(_LAZY_NAMES[name]), name)
