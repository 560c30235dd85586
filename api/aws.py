"""The AWS clients: one botocore session, and clients that are built on first use."""

from functools import cached_property
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnectionError
from botocore.session import Session

from api import cold_start
from api.definition import NAME
from api.errors import ApiError, UnavailableError

_THROTTLED = {
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "SlowDown",
    "ThrottlingException",
    "TransactionInProgressException",
}


class AwsClients:
    """The clients of the function. They use botocore: boto3 would only add to the cold start."""

    def __init__(self, region: str | None) -> None:
        if cold_start.ENABLED:
            from api.cold_start.botocore import new_session

            self._session = new_session()
        else:
            self._session = Session()
        self._region = region

    @cached_property
    def dynamodb(self) -> Any:
        """DynamoDB; `api.table` builds all parameters, so botocore does not validate them again."""
        return self._client("dynamodb", parameter_validation=False)

    @cached_property
    def s3(self) -> Any:
        """S3 with signature version 4, which presigned URLs need outside us-east-1."""
        return self._client("s3", signature_version="s3v4")

    @cached_property
    def secretsmanager(self) -> Any:
        """Secrets Manager."""
        return self._client("secretsmanager")

    @cached_property
    def sqs(self) -> Any:
        """SQS."""
        return self._client("sqs")

    @cached_property
    def sns(self) -> Any:
        """SNS."""
        return self._client("sns")

    @cached_property
    def ssm(self) -> Any:
        """SSM."""
        return self._client("ssm")

    def secret(self, arn: str) -> bytes:
        """Fetch the value of a secret."""
        response = self.secretsmanager.get_secret_value(SecretId=arn)
        value: str | bytes = response["SecretString"] if "SecretString" in response else response["SecretBinary"]
        return value.encode() if isinstance(value, str) else value

    def parameter(self, name: str) -> str:
        """Fetch the value of a parameter."""
        value: str = self.ssm.get_parameter(Name=name)["Parameter"]["Value"]
        return value

    def _client(self, service: str, **options: Any) -> Any:
        if cold_start.ENABLED:
            from api.cold_start.botocore import register_handlers

            register_handlers(self._session, service)
        config = Config(
            # Three attempts and the waits between them (1 and 2 seconds at most) end within the function's ten seconds.
            connect_timeout=1,
            read_timeout=2,
            retries={"mode": "standard", "total_max_attempts": 3},
            tcp_keepalive=True,
            user_agent=NAME,  # botocore would build a long one for every call
            **options,
        )
        return self._session.create_client(service, region_name=self._region, config=config)


def public_error(error: Exception) -> ApiError:
    """Return the error for the caller: a retry can succeed after AWS's throttles and lost responses alone."""
    if _is_throttled(error):
        return UnavailableError("Too many requests to AWS. Try again in a moment.", headers={"Retry-After": "1"})
    if _is_lost(error):
        detail = "AWS did not respond. A change may be applied or not: read the resource, then repeat the request."
        return UnavailableError(detail, headers={"Retry-After": "1"})
    return ApiError("An internal error occurred. Report the request id.")


def _is_throttled(error: Exception) -> bool:
    """Return whether AWS throttled a call; then it changed nothing."""
    return isinstance(error, ClientError) and error.response.get("Error", {}).get("Code") in _THROTTLED


def _is_lost(error: Exception) -> bool:
    """Return whether a call got no response, or status 500 or above; then it may have changed something."""
    if isinstance(error, ClientError):
        status: int = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return status >= 500
    return isinstance(error, NoConnectionError | HTTPClientError)
