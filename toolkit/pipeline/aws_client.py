"""AWS clients with the credentials and the endpoint of the environment."""

from typing import Any, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from toolkit.stacks.errors import RefusedError


def aws_client(service: str, region: str | None = None, config: Config | None = None) -> Any:
    """Return the boto3 client of a service. Raises RefusedError where the environment allows none."""
    try:
        return cast("Any", boto3.Session().client)(service, region_name=region, config=config)
    except (BotoCoreError, ValueError) as error:  # an endpoint that is no URL is a ValueError
        reason = " ".join(str(error).split()).removesuffix(".")
        raise RefusedError(
            f"No AWS client can be created ({reason}): correct AWS_ENDPOINT_URL, AWS_REGION or AWS_PROFILE."
        ) from None
