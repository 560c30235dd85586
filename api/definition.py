"""The service as plain data. The Pulumi program reads it, too, so this module imports nothing."""

NAME = "items-api"

RESOURCE_SERVER = "items"
"""The identifier of the Cognito resource server, with which each scope begins."""
SCOPES = {"read": "Read items", "write": "Create, change and delete items"}
READ, WRITE = (f"{RESOURCE_SERVER}/{name}" for name in SCOPES)
ADMINS = "admins"
"""The group of operators in the user pool."""

SECRETS = {"cursor-key": "Signs the cursors of paged lists"}
"""Each secret of the stack, which the function reads from Secrets Manager, with its description."""

AUTHENTICATED = "/api/v1/"
"""The prefix of all routes that need an access token."""
_ITEM = "/api/v1/items/{item_id}"
_ATTACHMENTS = f"{_ITEM}/attachments"

PUBLIC_ROUTES = ("GET /", "GET /health", "GET /health/live", "GET /health/ready", "GET /api/health")
"""Routes that need no access token."""
DOCS_ROUTES = ("GET /docs", "GET /docs/oauth2-redirect", "GET /redoc", "GET /openapi.json")
"""Routes of the documentation; public where it is enabled."""
AUTHENTICATED_ROUTES = (
    "GET /api/v1/items",
    "POST /api/v1/items",
    f"GET {_ITEM}",
    f"PUT {_ITEM}",
    f"DELETE {_ITEM}",
    f"GET {_ATTACHMENTS}",
    f"POST {_ATTACHMENTS}",
    f"GET {_ATTACHMENTS}/{{attachment_id}}",
    f"DELETE {_ATTACHMENTS}/{{attachment_id}}",
    "GET /api/v1/me",
    "GET /api/v1/sessions",
    "DELETE /api/v1/sessions",
    "DELETE /api/v1/sessions/{session_id}",
    "GET /api/v1/environment",
)


def secret_variable(name: str) -> str:
    """Return the environment variable of the function that holds a secret's ARN."""
    return f"{name.replace('-', '_').upper()}_SECRET_ARN"


ENVIRONMENTS_WITH_DOCS = frozenset({"local", "dev", "review"})
"""The environments whose documentation is public, unless the setting `api.docs-enabled` says otherwise."""
