"""The Pulumi program of the second service."""
