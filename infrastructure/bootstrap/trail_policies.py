"""The resource policies of the trail's key and bucket, and the policies of its role."""

from infrastructure.bootstrap.account import Account
from infrastructure.bootstrap.documents import Document, PolicyStatement, allow, allow_service, document

_CLOUDTRAIL = "cloudtrail.amazonaws.com"


def key_policy(account: Account) -> Document:
    """Return the key policy: CloudTrail encrypts for this trail, CloudWatch Logs for its log group."""
    trail, group = account.trail, account.arn("logs", f"log-group:{account.trail_log_group}")
    return document(
        {
            "Sid": "AccountDecides",
            "Effect": "Allow",
            "Principal": {"AWS": account.iam("root")},
            "Action": "kms:*",
            "Resource": "*",
        },
        allow_service(
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
        allow_service(
            "TrailLooks", _CLOUDTRAIL, ["kms:DescribeKey"], ["*"], {"StringEquals": {"aws:SourceArn": trail}}
        ),
        allow_service(
            "LogsEncrypt",
            f"logs.{account.region}.amazonaws.com",
            ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
            ["*"],
            {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": group}},
        ),
    )


def bucket_statements(account: Account) -> list[PolicyStatement]:
    """Return the bucket policy's statements: CloudTrail writes below its own prefix."""
    bucket, source = f"arn:aws:s3:::{account.bucket('trail')}", {"aws:SourceArn": account.trail}
    return [
        allow_service("TrailLooks", _CLOUDTRAIL, ["s3:GetBucketAcl"], [bucket], {"StringEquals": source}),
        allow_service(
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
    them CreateTrail fails with InvalidCloudWatchLogsRoleArnException. AWS does not document it:
    https://github.com/prowler-cloud/prowler/issues/4714 (read 2026-11-30).
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
    """Allow to write the trail's streams in its log group."""
    stream = f"log-stream:{account.id}_CloudTrail_{account.region}*"
    return document(
        allow(
            "WriteTrail",
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            [account.arn("logs", f"log-group:{account.trail_log_group}:{stream}")],
        )
    )
