"""Rules on Lambda."""
