"""Who may use a KMS key: the account that pays for it, and the services that the stack names."""


def key_policy(account_id: str, use: dict[str, object]) -> dict[str, object]:
    """A key's policy document: the account's own IAM policies decide who administers it; `use` is one statement."""
    administers = {
        "Sid": "AccountAdministers",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account_id}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    return {"Version": "2012-10-17", "Statement": [administers, {"Effect": "Allow", "Resource": "*", **use}]}
