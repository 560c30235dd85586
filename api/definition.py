"""The service as plain data: its features with their routes, tables and buckets. It imports nothing of the project.

The application, the Pulumi program and the pipeline read it, so that each name stands here only.
"""

from typing import NamedTuple

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
ENVIRONMENTS_WITH_DOCS = frozenset({"local", "dev", "review"})
"""The environments whose documentation is public, unless the setting `api.docs-enabled` says otherwise."""


class Route(NamedTuple):
    """A route of the function: the route key of API Gateway, and its weights in the throttle of its group."""

    key: str
    rate: int = 1
    burst: int = 1
    """The calls that one web page makes at once."""

    @property
    def public(self) -> bool:
        """Whether the route needs no access token."""
        return not self.key.partition(" ")[2].startswith(AUTHENTICATED)


class Table(NamedTuple):
    """A DynamoDB table with one partition per owner, and the actions of the function's role on it."""

    name: str
    actions: tuple[str, ...]

    @property
    def variable(self) -> str:
        """The environment variable of the function that holds the table's name; in lower case, the stack's output."""
        return f"{_constant(self.name)}_TABLE"


class Bucket(NamedTuple):
    """An S3 bucket that callers reach by presigned URLs, and the actions of the function's role on its objects."""

    name: str
    prefixes: tuple[str, ...]
    actions: tuple[str, ...]

    @property
    def variable(self) -> str:
        """The environment variable of the function that holds the bucket's name; in lower case, the stack's output."""
        return f"{_constant(self.name)}_BUCKET"


class Feature(NamedTuple):
    """A part of the API: one folder or module below `api`, with its routes and its own resources."""

    name: str
    routes: tuple[Route, ...]
    tables: tuple[Table, ...] = ()
    buckets: tuple[Bucket, ...] = ()


def secret_variable(name: str) -> str:
    """Return the environment variable of the function that holds a secret's ARN."""
    return f"{_constant(name)}_SECRET_ARN"


def _constant(name: str) -> str:
    return name.replace("-", "_").upper()


_READ_AND_UPDATE = ("dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem")
_ITEM = "/api/v1/items/{item_id}"
_ATTACHMENTS = f"{_ITEM}/attachments"

ITEMS = Feature(
    name="items",
    routes=(
        Route("GET /api/v1/items", rate=8, burst=5),
        Route("POST /api/v1/items", rate=3),
        Route(f"GET {_ITEM}", rate=8, burst=19),
        Route(f"PUT {_ITEM}", rate=3),
        Route(f"DELETE {_ITEM}", rate=2),
    ),
    # DynamoDB authorizes a transaction by the actions in it.
    tables=(Table("items", (*_READ_AND_UPDATE, "dynamodb:PutItem", "dynamodb:DeleteItem")),),
)
ATTACHMENTS = Feature(
    name="attachments",
    routes=(
        Route(f"GET {_ATTACHMENTS}"),
        Route(f"POST {_ATTACHMENTS}"),
        Route(f"GET {_ATTACHMENTS}/{{attachment_id}}"),
        Route(f"DELETE {_ATTACHMENTS}/{{attachment_id}}"),
    ),
    buckets=(Bucket("attachments", ("attachments", "pending"), ("s3:GetObject", "s3:PutObject", "s3:DeleteObject")),),
)
SESSIONS = Feature(
    name="sessions",
    routes=(
        Route("GET /api/v1/sessions"),
        Route("DELETE /api/v1/sessions"),
        Route("DELETE /api/v1/sessions/{session_id}"),
    ),
    tables=(Table("sessions", _READ_AND_UPDATE),),
)
INFORMATION = Feature(
    name="information",
    routes=(
        Route("GET /"),
        Route("GET /health", rate=4, burst=4),
        Route("GET /health/live"),
        Route("GET /health/ready"),
        Route("GET /api/health"),
        Route("GET /api/v1/me"),
        Route("GET /api/v1/environment"),
    ),
)
FEATURES = (INFORMATION, ITEMS, ATTACHMENTS, SESSIONS)

DOCS_ROUTES = tuple(map(Route, ("GET /docs", "GET /docs/oauth2-redirect", "GET /redoc", "GET /openapi.json")))
"""Routes of the documentation; public where it is enabled."""
ROUTES = tuple(route for feature in FEATURES for route in feature.routes)
TABLES = tuple(table for feature in FEATURES for table in feature.tables)
BUCKETS = tuple(bucket for feature in FEATURES for bucket in feature.buckets)
