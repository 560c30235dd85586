"""Release the locks of a stack's state whose process has ended."""
