"""Rules on HTTP APIs."""
