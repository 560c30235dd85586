"""A stack as data: its resources, properties and dependencies, evaluated without engine, network or credentials."""

from stackgraph.isolation import collection_paused

with collection_paused():
    from stackgraph.errors import EvaluationError, StackFileError
    from stackgraph.evaluation import evaluate
    from stackgraph.graph import Resource, ResourceGraph
    from stackgraph.graph_file import read_graph
    from stackgraph.provider import Created, ResourceProvider
    from stackgraph.secret import Secret, reveal
    from stackgraph.stack_files import load_project, load_stack_config

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
