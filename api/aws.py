"""The AWS clients: one botocore session, DynamoDB at once, the others when they are first needed."""

from functools import cached_property
from typing import Any

from botocore.config import Config
from botocore.session import Session


class AwsClients:
    """Clients with the function's own credentials; botocore alone: boto3 adds start-up time and nothing we call."""

    def __init__(self, region: str | None) -> None:
        self._session = Session()
        self._region = region

    @cached_property
    def dynamodb(self) -> Any:
        """DynamoDB; parameters are built by `api.table` alone, so botocore need not check them again."""
        return self._client("dynamodb", parameter_validation=False)

    @cached_property
    def s3(self) -> Any:
        """S3; signature 4 with the bucket's own region, which presigned URLs need outside us-east-1."""
        return self._client("s3", signature_version="s3v4")

    def secret(self, arn: str) -> bytes:
        """A secret's value, fetched now."""
        answer = self._client("secretsmanager").get_secret_value(SecretId=arn)
        value: str | bytes = answer["SecretString"] if "SecretString" in answer else answer["SecretBinary"]
        return value.encode() if isinstance(value, str) else value

    def _client(self, service: str, **options: Any) -> Any:
        config = Config(
            connect_timeout=1,
            read_timeout=5,
            retries={"mode": "standard", "total_max_attempts": 3},
            tcp_keepalive=True,
            user_agent="items-api",  # else botocore writes a long one, anew for every call
            **options,
        )
        return self._session.create_client(service, region_name=self._region, config=config)
