"""What is left of a user after AdminDeleteUser."""

import pytest
from botocore.exceptions import ClientError

from tests.toolkit.localcloud.aws.patches.test_cognito_sign_in import PASSWORD, app, cognito, refreshed, signed_in


def test_tokens_of_deleted_user_are_invalid_for_a_new_user_of_the_same_name() -> None:
    pool = cognito().create_user_pool(PoolName="namesakes")["UserPool"]["Id"]
    own = app(pool)

    def create() -> None:
        cognito().admin_create_user(UserPoolId=pool, Username="ada", MessageAction="SUPPRESS")
        cognito().admin_set_user_password(UserPoolId=pool, Username="ada", Password=PASSWORD, Permanent=True)

    create()
    before = signed_in(own, "ada")
    cognito().admin_delete_user(UserPoolId=pool, Username="ada")
    create()
    with pytest.raises(ClientError, match="revoked"):
        refreshed(own, before["RefreshToken"])
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        cognito().get_user(AccessToken=before["AccessToken"])
