"""The users that every local stack starts with; their password is no secret and works on this machine only."""

from collections.abc import Mapping
from dataclasses import dataclass

from botocore.exceptions import ClientError

from toolkit.localcloud.connection import AwsConnection

LOCAL_PASSWORD = "Local-only-Passw0rd!"  # noqa: S105 - printed on the sign-in page, worthless elsewhere


@dataclass(frozen=True)
class SeededUser:
    """A user by e-mail address, in a group or in none."""

    email: str
    name: str
    group: str | None = None


SEEDED_USERS: Mapping[str, SeededUser] = {
    "demo": SeededUser("demo@example.com", "Demo User"),
    "second": SeededUser("second@example.com", "Second User"),
    "admin": SeededUser("admin@example.com", "Admin User", "admins"),
}


def seed_users(connection: AwsConnection, user_pool_id: str) -> None:
    """Make the users in the pool; those that are there stay as they are. Blocks on the network."""
    client = connection.client("cognito-idp")
    for user in SEEDED_USERS.values():
        try:
            client.admin_create_user(
                UserPoolId=user_pool_id,
                Username=user.email,
                MessageAction="SUPPRESS",
                UserAttributes=[
                    {"Name": "email", "Value": user.email},
                    {"Name": "email_verified", "Value": "true"},
                    {"Name": "name", "Value": user.name},
                ],
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != "UsernameExistsException":
                raise
            continue
        client.admin_set_user_password(
            UserPoolId=user_pool_id, Username=user.email, Password=LOCAL_PASSWORD, Permanent=True
        )
        if user.group:
            client.admin_add_user_to_group(UserPoolId=user_pool_id, Username=user.email, GroupName=user.group)
