"""The local cloud: embedded AWS, resource provider, HTTP API gateway, Lambda runtime, sign-in pages."""
