"""The parts of an account's foundation, one per file."""
