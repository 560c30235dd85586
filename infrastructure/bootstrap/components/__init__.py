"""The components of a bootstrap stack, one per file."""
