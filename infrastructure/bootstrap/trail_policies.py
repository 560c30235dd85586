"""Whom the trail's key, bucket and role let in: CloudTrail for this one trail, and CloudWatch for its log group."""

from infrastructure.bootstrap.account import Account
from infrastructure.bootstrap.documents import Document, Statement, admit, allow, document

_CLOUDTRAIL = "cloudtrail.amazonaws.com"


def key_policy(account: Account) -> Document:
    """CloudTrail encrypts for this trail, CloudWatch for its log group, the account's admins read."""
    trail, group = account.trail, account.arn("logs", f"log-group:{account.trail_log_group}")
    return document(
        {
            "Sid": "AccountDecides",
            "Effect": "Allow",
            "Principal": {"AWS": account.iam("root")},
            "Action": "kms:*",
            "Resource": "*",
        },
        admit(
            "TrailEncrypts",
            _CLOUDTRAIL,
            ["kms:GenerateDataKey*"],
            ["*"],
            {
                "StringEquals": {"aws:SourceArn": trail},
                "StringLike": {
                    "kms:EncryptionContext:aws:cloudtrail:arn": f"arn:aws:cloudtrail:*:{account.id}:trail/*"
                },
            },
        ),
        admit("TrailLooks", _CLOUDTRAIL, ["kms:DescribeKey"], ["*"], {"StringEquals": {"aws:SourceArn": trail}}),
        admit(
            "LogsEncrypt",
            f"logs.{account.region}.amazonaws.com",
            ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
            ["*"],
            {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": group}},
        ),
    )


def bucket_statements(account: Account) -> list[Statement]:
    """CloudTrail writes below its own prefix."""
    bucket, source = f"arn:aws:s3:::{account.bucket('trail')}", {"aws:SourceArn": account.trail}
    return [
        admit("TrailLooks", _CLOUDTRAIL, ["s3:GetBucketAcl"], [bucket], {"StringEquals": source}),
        admit(
            "TrailWrites",
            _CLOUDTRAIL,
            ["s3:PutObject"],
            [f"{bucket}/AWSLogs/{account.id}/*"],
            {"StringEquals": {**source, "s3:x-amz-acl": "bucket-owner-full-control"}},
        ),
    ]


def role_trust() -> Document:
    """Let CloudTrail assume the role, without a condition.

    CloudTrail sends neither aws:SourceArn nor aws:SourceAccount when it assumes this role; with a condition on one of
    them CreateTrail fails with InvalidCloudWatchLogsRoleArnException. AWS does not say so;
    https://github.com/prowler-cloud/prowler/issues/4714 (read 2026-11-30) met it.
    """
    return document(
        {
            "Sid": "CloudTrailOnly",
            "Effect": "Allow",
            "Principal": {"Service": _CLOUDTRAIL},
            "Action": "sts:AssumeRole",
        }
    )


def role_permissions(account: Account) -> Document:
    """To write the trail's own streams in its log group."""
    stream = f"log-stream:{account.id}_CloudTrail_{account.region}*"
    return document(
        allow(
            "WriteTrail",
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            [account.arn("logs", f"log-group:{account.trail_log_group}:{stream}")],
        )
    )
