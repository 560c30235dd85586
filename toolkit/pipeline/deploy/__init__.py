"""Plan an update, apply it, and move callers to the new version."""
