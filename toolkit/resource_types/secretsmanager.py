"""Resource types of AWS Secrets Manager."""

SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 - a resource type, not a secret
SECRET_POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy"  # noqa: S105 - a resource type, not a secret
SECRET_ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"  # noqa: S105 - a resource type, not a secret
