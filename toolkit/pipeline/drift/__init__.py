"""Compare a stack with its last deployment, and keep one issue for each stack that drifted."""
