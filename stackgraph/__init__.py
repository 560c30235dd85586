"""A stack as data: its resources, properties and dependencies, evaluated without engine, network or credentials."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from stackgraph.errors import EvaluationError, StackFileError
from stackgraph.graph import Resource, ResourceGraph
from stackgraph.isolation import collection_paused
from stackgraph.provider import Created, ResourceProvider
from stackgraph.secret import Secret, reveal
from stackgraph.stack_files import load_project, load_stack_config

if TYPE_CHECKING:
    from stackgraph.evaluation import evaluate
    from stackgraph.graph_file import read_graph

# These two need Pulumi's SDK, which is most of what there is to import; to read a stack's file it is not needed.
_NEED_THE_SDK = {"evaluate": "stackgraph.evaluation", "read_graph": "stackgraph.graph_file"}

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
    """What needs the SDK, when it is asked for."""
    if name not in _NEED_THE_SDK:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with collection_paused():
        return getattr(import_module(_NEED_THE_SDK[name]), name)
