"""What AWS would answer: plausible ids, ARNs and endpoints, the same in every run, so that nothing is unknown."""

from toolkit.resource_types.preview.cloud import ImaginedCloud
from toolkit.resource_types.preview.place import stack_place

__all__ = ["ImaginedCloud", "stack_place"]
