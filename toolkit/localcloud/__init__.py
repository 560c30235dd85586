"""The stack on this machine: embedded AWS, resource provider, HTTP API front, Lambda runtime, sign-in pages."""
