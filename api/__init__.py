"""The FastAPI service that API consumers call, on AWS Lambda or in any ASGI server."""
