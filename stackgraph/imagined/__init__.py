"""What AWS would answer: plausible ids, ARNs and endpoints, the same in every run, so that nothing is unknown."""

from stackgraph.imagined.cloud import ImaginedCloud
from stackgraph.imagined.place import stack_place

__all__ = ["ImaginedCloud", "stack_place"]
