"""Environment: where this very function runs."""
