"""Resource types of Amazon Cognito."""

IDENTITY_POOL = "aws:cognito/identityPool:IdentityPool"
IDENTITY_PROVIDER = "aws:cognito/identityProvider:IdentityProvider"
RESOURCE_SERVER = "aws:cognito/resourceServer:ResourceServer"
USER_POOL = "aws:cognito/userPool:UserPool"
USER_POOL_CLIENT = "aws:cognito/userPoolClient:UserPoolClient"
