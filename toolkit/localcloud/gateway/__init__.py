"""The HTTP API gateway: serves the API that the embedded API Gateway defines, as API Gateway does."""
