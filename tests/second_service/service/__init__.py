"""The functions of the service, without a web framework."""
