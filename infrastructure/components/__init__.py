"""The parts of the service, one component per file."""
