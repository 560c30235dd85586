"""The service as plain data: its features with their routes and AWS resources. It imports nothing of the project.

The application, the Pulumi program and the pipeline read it, so that each name stands here only.
"""

from collections.abc import Mapping
from typing import NamedTuple

NAME = "items-api"

RESOURCE_SERVER = "items"
"""The identifier of the Cognito resource server, with which each scope begins."""
SCOPES = {"read": f"Read {RESOURCE_SERVER}", "write": f"Create, change and delete {RESOURCE_SERVER}"}
READ, WRITE = (f"{RESOURCE_SERVER}/{name}" for name in SCOPES)
ADMINS = "admins"
"""The group of operators in the user pool."""

SECRETS = {"cursor-key": "Signs the cursors of paged lists"}
"""Each secret of the stack, which the function reads from Secrets Manager, with its description."""

AUTHENTICATED = "/api/v1/"
"""The prefix of all routes that need an access token."""
CALLER = f"{AUTHENTICATED}me"
"""The path that returns the caller of the request."""
ENVIRONMENTS_WITH_DOCS = frozenset({"local", "dev", "review"})
"""The environments whose documentation is public, unless the setting `api.docs-enabled` says otherwise."""


class MachineClient(NamedTuple):
    """A Cognito client of another program, which gets tokens for a secret, and the scopes that it may ask for."""

    name: str
    scopes: tuple[str, ...]

    @property
    def id_output(self) -> str:
        """The stack's output with the id of the client."""
        return f"{self.name.replace('-', '_')}_client_id"

    @property
    def secret_output(self) -> str:
        """The stack's output with the secret of the client."""
        return f"{self.name.replace('-', '_')}_client_secret"


MACHINE_CLIENTS = (MachineClient("machine", (READ, WRITE)),)
"""The machine clients; smoke tests use the first one, whose name is `machine`."""


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


class Index(NamedTuple):
    """A global secondary index of a table. Its keys are text; a record without its hash key is not in it."""

    name: str
    hash_key: str
    range_key: str


class Table(NamedTuple):
    """A DynamoDB table with one partition per owner, and the actions of the API's role on it and on its indexes."""

    name: str
    actions: tuple[str, ...]
    indexes: tuple[Index, ...] = ()

    @property
    def variable(self) -> str:
        """The environment variable that holds the table's name; in lower case, the stack's output."""
        return f"{_constant(self.name)}_TABLE"


class Bucket(NamedTuple):
    """An S3 bucket that callers reach by presigned URLs, and the actions of the API's role on its objects."""

    name: str
    prefixes: tuple[str, ...]
    actions: tuple[str, ...]

    @property
    def variable(self) -> str:
        """The environment variable that holds the bucket's name; in lower case, the stack's output."""
        return f"{_constant(self.name)}_BUCKET"


class Grant(NamedTuple):
    """The actions of a function's role on a table or a bucket of the service."""

    resource: Table | Bucket
    actions: tuple[str, ...]


class Function(NamedTuple):
    """A Lambda function that events invoke. The API's function is not declared: its routes are.

    A stack may set other values for memory and timeout: `functions` in its settings.
    """

    name: str
    handler: str
    """The module and the function, such as `api.orders.worker.handler`."""
    grants: tuple[Grant, ...] = ()
    secrets: tuple[str, ...] = ()
    """The names of the secrets that it reads."""
    memory_mb: int = 256
    timeout_seconds: int = 30


class Queue(NamedTuple):
    """An SQS queue to which the API sends messages, and the function that processes them in batches."""

    name: str
    worker: Function
    batch_size: int = 10
    attempts: int = 3
    """The deliveries of a message before it goes to the dead-letter queue of the function."""

    @property
    def variable(self) -> str:
        """The environment variable that holds the queue's URL; in lower case, the stack's output."""
        return f"{_constant(self.name)}_QUEUE_URL"


class Topic(NamedTuple):
    """An SNS topic to which the API publishes messages, and the functions that get each of them."""

    name: str
    subscribers: tuple[Function, ...]

    @property
    def variable(self) -> str:
        """The environment variable that holds the topic's ARN; in lower case, the stack's output."""
        return f"{_constant(self.name)}_TOPIC_ARN"


class Schedule(NamedTuple):
    """A schedule of EventBridge Scheduler that invokes a function, in UTC."""

    name: str
    expression: str
    """Such as `rate(1 hour)` or `cron(0 3 * * ? *)`."""
    function: Function


class Stream(NamedTuple):
    """The DynamoDB stream of a table, and the function that gets its changes in batches."""

    table: Table
    function: Function


class Upload(NamedTuple):
    """The new objects of a bucket below a prefix, and the function that is invoked for each of them."""

    bucket: Bucket
    prefix: str
    function: Function


class Parameter(NamedTuple):
    """A parameter in SSM that the API's function reads; each stack sets its value: `parameters` in its settings."""

    name: str
    description: str

    @property
    def variable(self) -> str:
        """The environment variable that holds the parameter's name."""
        return f"{_constant(self.name)}_PARAMETER"


class Collection(NamedTuple):
    """The records of a feature, which callers create, list, read and delete; the pipeline checks these routes."""

    path: str
    records: str
    """The property of a page that holds the records."""
    example: Mapping[str, object]
    """The body that creates a record; `{unique}` in a text becomes random text."""

    def body(self, unique: str) -> dict[str, object]:
        """Return the example with this text in the place of `{unique}`."""
        return {
            name: value.replace("{unique}", unique) if isinstance(value, str) else value
            for name, value in self.example.items()
        }


class Feature(NamedTuple):
    """A part of the API: one folder or module below `api`, with its routes and its own resources.

    Its name is the tag of its routes in the OpenAPI document.
    """

    name: str
    description: str = ""
    """The tag's description."""
    routes: tuple[Route, ...] = ()
    collection: Collection | None = None
    tables: tuple[Table, ...] = ()
    buckets: tuple[Bucket, ...] = ()
    queues: tuple[Queue, ...] = ()
    topics: tuple[Topic, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    streams: tuple[Stream, ...] = ()
    uploads: tuple[Upload, ...] = ()
    parameters: tuple[Parameter, ...] = ()


def secret_variable(name: str) -> str:
    """Return the environment variable of the function that holds a secret's ARN."""
    return f"{_constant(name)}_SECRET_ARN"


def _constant(name: str) -> str:
    return name.replace("-", "_").upper()


ITEMS_BY_NAME = Index("by-name", hash_key="owner", range_key="name_key")
"""The items of an owner in the order of their normalized names."""
_READ_AND_UPDATE = ("dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem")
_ITEM = "/api/v1/items/{item_id}"
_ATTACHMENTS = f"{_ITEM}/attachments"

ITEMS = Feature(
    name="items",
    description="The main resource: things with a name, tags and attributes. `tag` finds each change at once; "
    "`name_prefix` a moment later, as its index is eventually consistent.",
    routes=(
        Route("GET /api/v1/items", rate=8, burst=5),
        Route("POST /api/v1/items", rate=3),
        Route(f"GET {_ITEM}", rate=8, burst=19),
        Route(f"PUT {_ITEM}", rate=3),
        Route(f"PATCH {_ITEM}"),
        Route(f"DELETE {_ITEM}", rate=2),
        Route("POST /api/v1/items/bulk"),
    ),
    tables=(
        Table(
            "items",
            # DynamoDB authorizes a transaction by the actions in it.
            (*_READ_AND_UPDATE, "dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"),
            indexes=(ITEMS_BY_NAME,),
        ),
    ),
    collection=Collection(path="/api/v1/items", records="items", example={"name": "Example {unique}"}),
)
ATTACHMENTS = Feature(
    name="attachments",
    description="Files of an item, which callers upload to S3 and download from there. Read or list an attachment "
    "after its upload: an upload that no request has found expires after seven days.",
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
    description="Sign-ins of the caller, which can be revoked",
    routes=(
        Route("GET /api/v1/sessions"),
        Route("DELETE /api/v1/sessions"),
        Route("DELETE /api/v1/sessions/{session_id}"),
    ),
    tables=(Table("sessions", _READ_AND_UPDATE),),
)
INFORMATION = Feature(
    name="information",
    description="The service, its health and its caller",
    routes=(
        Route("GET /"),
        Route("GET /health", rate=4, burst=4),
        Route("GET /health/live"),
        Route("GET /health/ready"),
        Route("GET /api/health"),
        Route(f"GET {CALLER}"),
        Route("GET /api/v1/environment"),
    ),
)
FEATURES = (INFORMATION, ITEMS, ATTACHMENTS, SESSIONS)

DOCS_ROUTES = tuple(map(Route, ("GET /docs", "GET /docs/oauth2-redirect", "GET /redoc", "GET /openapi.json")))
"""Routes of the documentation; public where it is enabled."""
ROUTES = tuple(route for feature in FEATURES for route in feature.routes)
COLLECTIONS = tuple(feature.collection for feature in FEATURES if feature.collection)
TABLES = tuple(table for feature in FEATURES for table in feature.tables)
BUCKETS = tuple(bucket for feature in FEATURES for bucket in feature.buckets)
QUEUES = tuple(queue for feature in FEATURES for queue in feature.queues)
TOPICS = tuple(topic for feature in FEATURES for topic in feature.topics)
SCHEDULES = tuple(schedule for feature in FEATURES for schedule in feature.schedules)
STREAMS = tuple(stream for feature in FEATURES for stream in feature.streams)
UPLOADS = tuple(upload for feature in FEATURES for upload in feature.uploads)
PARAMETERS = tuple(parameter for feature in FEATURES for parameter in feature.parameters)
FUNCTIONS = tuple(
    dict.fromkeys(
        (
            *(queue.worker for queue in QUEUES),
            *(function for topic in TOPICS for function in topic.subscribers),
            *(event.function for events in (SCHEDULES, STREAMS, UPLOADS) for event in events),
        )
    )
)
"""The functions that events invoke, each once."""
