"""The administrator of the embedded account. Its process creates the user and sends the key to the parent only."""

import json
import secrets
from typing import Any

from botocore.credentials import Credentials
from moto.iam.models import iam_backends

PARTITION = "aws"
ADMINISTRATOR = "local-administrator"
_EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def create_administrator(account_id: str) -> Credentials:
    """Create the user, or give the one of a kept account a new key, and return the key."""
    iam: Any = iam_backends[account_id][PARTITION]
    if ADMINISTRATOR not in iam.users:
        iam.create_user("us-east-1", ADMINISTRATOR)
    for old in list(iam.list_access_keys(ADMINISTRATOR)):  # of the process before
        iam.delete_access_key(old.access_key_id, ADMINISTRATOR)
    iam.put_user_policy(ADMINISTRATOR, "everything", json.dumps(_EVERYTHING))
    key = iam.create_access_key(ADMINISTRATOR)
    key.secret_access_key = secrets.token_urlsafe(30)  # moto's random numbers can be predicted
    return Credentials(key.access_key_id, key.secret_access_key)


def administrator_arn(account_id: str) -> str:
    """Return the administrator's ARN."""
    return f"arn:{PARTITION}:iam::{account_id}:user/{ADMINISTRATOR}"


def administrator_key(account_id: str) -> Credentials:
    """Return the administrator's current key."""
    key, *_ = iam_backends[account_id][PARTITION].list_access_keys(ADMINISTRATOR)
    return Credentials(key.access_key_id, key.secret_access_key)
