"""The AWS clients: one botocore session, DynamoDB at once, the others when they are first needed."""

from functools import cached_property
from typing import Any

from botocore.config import Config
from botocore.credentials import ContainerProvider, CredentialResolver, EnvProvider
from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnectionError
from botocore.handlers import BUILTIN_HANDLERS, REGISTER_FIRST, REGISTER_LAST
from botocore.session import Session
from botocore.utils import EVENT_ALIASES

EVERY_SERVICE = "*"
_THROTTLED = {
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "SlowDown",
    "ThrottlingException",
    "TransactionInProgressException",
}


class AwsClients:
    """Clients with the function's own credentials; botocore alone: boto3 adds start-up time and nothing we call."""

    def __init__(self, region: str | None) -> None:
        # Of what botocore does for more than a hundred services, each client gets what is done for its own.
        self._session = Session(include_builtin_handlers=False)
        # Lambda puts the credentials of the function's role in the environment, with SnapStart behind an endpoint.
        own = CredentialResolver([EnvProvider(), ContainerProvider()])
        self._session.register_component("credential_provider", own)
        self._region = region
        self._register_handlers(EVERY_SERVICE)

    @cached_property
    def dynamodb(self) -> Any:
        """DynamoDB; parameters are built by `api.table` alone, so botocore need not check them again."""
        return self._client("dynamodb", parameter_validation=False)

    @cached_property
    def s3(self) -> Any:
        """S3; signature 4 with the bucket's own region, which presigned URLs need outside us-east-1."""
        return self._client("s3", signature_version="s3v4")

    @cached_property
    def secretsmanager(self) -> Any:
        """Secrets Manager."""
        return self._client("secretsmanager")

    def secret(self, arn: str) -> bytes:
        """A secret's value, fetched now."""
        answer = self.secretsmanager.get_secret_value(SecretId=arn)
        value: str | bytes = answer["SecretString"] if "SecretString" in answer else answer["SecretBinary"]
        return value.encode() if isinstance(value, str) else value

    def _client(self, service: str, **options: Any) -> Any:
        self._register_handlers(EVENT_ALIASES.get(service, service))
        config = Config(
            # Three attempts and the waits between them (1 and 2 seconds at most) end within the function's ten seconds.
            connect_timeout=1,
            read_timeout=2,
            retries={"mode": "standard", "total_max_attempts": 3},
            tcp_keepalive=True,
            user_agent="items-api",  # else botocore writes a long one, anew for every call
            **options,
        )
        return self._session.create_client(service, region_name=self._region, config=config)

    def _register_handlers(self, service: str) -> None:
        events = self._session.get_component("event_emitter")
        register = {
            (): events.register,
            (REGISTER_FIRST,): events.register_first,
            (REGISTER_LAST,): events.register_last,
        }
        for event, handler, *when in BUILTIN_HANDLERS:
            if service_of(event) == service:
                register[tuple(when)](event, handler)


def is_throttled(error: Exception) -> bool:
    """Return whether AWS refused a call because there were too many; nothing was changed."""
    return isinstance(error, ClientError) and error.response.get("Error", {}).get("Code") in _THROTTLED


def is_lost(error: Exception) -> bool:
    """Return whether a call got no response, or one of 500 and above: whether it changed anything is unknown."""
    if isinstance(error, ClientError):
        status: int = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return status >= 500
    return isinstance(error, NoConnectionError | HTTPClientError)


def service_of(event: str) -> str:
    """The service that an event of botocore speaks of: `s3` in `before-call.s3.PutObject`; EVERY_SERVICE if none."""
    _, _, rest = event.partition(".")
    return rest.partition(".")[0] or EVERY_SERVICE
