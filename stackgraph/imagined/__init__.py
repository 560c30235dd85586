"""What AWS would answer: plausible ids, ARNs and endpoints, the same in every run, so that nothing is unknown."""

from stackgraph.imagined.cloud import ImaginedCloud

__all__ = ["ImaginedCloud"]
