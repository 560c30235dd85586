"""The Lambda package: api/ and its dependencies as one reproducible zip, with bytecode, trimmed and checked."""
