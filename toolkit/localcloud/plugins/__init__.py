"""Plugins of the Pulumi engine: the language host, and the provider of the embedded AWS."""
