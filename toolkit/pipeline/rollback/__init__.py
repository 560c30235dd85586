"""Roll back to the previous version."""
