"""AWS clients with the credentials and the endpoint of the environment, and the account of a stack."""

from typing import Any, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from toolkit.stacks.errors import RefusedError
from toolkit.stacks.settings import StackFile

_RETRIES = Config(connect_timeout=5, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 4})


def aws_client(service: str, region: str | None = None, config: Config | None = None) -> Any:
    """Return the boto3 client of a service. Raises RefusedError where the environment allows none."""
    try:
        return cast("Any", boto3.Session().client)(service, region_name=region, config=config)
    except (BotoCoreError, ValueError) as error:  # an endpoint that is no URL is a ValueError
        reason = " ".join(str(error).split()).removesuffix(".")
        raise RefusedError(
            f"No AWS client can be created ({reason}): correct AWS_ENDPOINT_URL, AWS_REGION or AWS_PROFILE."
        ) from None


def account_client(file: StackFile, service: str) -> Any:
    """Return a client that waits for AWS, in the region of a stack. Raises RefusedError without credentials."""
    return aws_client(service, file.region, _RETRIES)


def require_account(file: StackFile) -> None:
    """Raise RefusedError where the credentials are for another account than that of the stack's file."""
    wanted = file.account_id
    try:
        found = account_client(file, "sts").get_caller_identity()["Account"]
    except (BotoCoreError, ClientError) as error:
        raise RefusedError(f"The account of the credentials cannot be read: {error}") from None
    if found != wanted:
        raise RefusedError(
            f"The credentials are for account {found}, and {file.stack} is in {wanted}: "
            f"use credentials of account {wanted}."
        )
