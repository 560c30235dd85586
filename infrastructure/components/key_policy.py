"""The key policy of a KMS key."""


def key_policy(account_id: str, use: dict[str, object]) -> dict[str, object]:
    """Return a key policy: the account's IAM policies control administration, `use` is for services."""
    administration = {
        "Sid": "AccountAdministers",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account_id}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    return {"Version": "2012-10-17", "Statement": [administration, {"Effect": "Allow", "Resource": "*", **use}]}
