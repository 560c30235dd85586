"""Policy documents and calls for tests of permissions."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from tests.support.aws import ACCOUNT
from toolkit.localcloud.connection import AwsConnection


def document(*statements: Mapping[str, Any]) -> str:
    """Return a policy document."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    """Return a statement."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def answer(client: Any, call: str, **arguments: Any) -> str:
    """Return "ok", or the code of the error."""
    try:
        getattr(client, call)(**arguments)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "ok"


def role_arn(role: AwsConnection) -> str:
    """Return the ARN of the role of a session."""
    name = role.client("sts").get_caller_identity()["Arn"].split("/")[1]
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"
