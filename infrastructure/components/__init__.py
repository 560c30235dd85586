"""The components of a stack, one per file."""
