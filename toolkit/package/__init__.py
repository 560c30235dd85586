"""The Lambda package: the service and its dependencies as one reproducible zip."""
