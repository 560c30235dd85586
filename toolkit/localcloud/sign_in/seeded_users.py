"""The seed users of a local stack. Their password is public and works on this machine only."""

from collections.abc import Mapping

from botocore.exceptions import ClientError

from toolkit.configuration import SeedUser, configuration
from toolkit.localcloud.connection import AwsConnection

LOCAL_PASSWORD = "Local-only-Passw0rd!"  # noqa: S105 - printed on the sign-in page, without value elsewhere


def seeded_users() -> Mapping[str, SeedUser]:
    """Return the users that `[tool.toolkit]` names, by name."""
    return {user.name: user for user in configuration().seed_users}


def seed_users(connection: AwsConnection, user_pool_id: str) -> None:
    """Create the seed users that the pool lacks. Blocks on the network."""
    client = connection.client("cognito-idp")
    for user in seeded_users().values():
        try:
            client.admin_create_user(
                UserPoolId=user_pool_id,
                Username=user.email,
                MessageAction="SUPPRESS",
                UserAttributes=[
                    {"Name": "email", "Value": user.email},
                    {"Name": "email_verified", "Value": "true"},
                    {"Name": "name", "Value": user.full_name},
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
