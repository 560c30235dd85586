"""The CloudTrail trail of the account."""

import json
from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

from infrastructure.bootstrap.account import Account
from infrastructure.bootstrap.components.private_bucket import PrivateBucket, PrivateBucketArgs
from infrastructure.policy_documents import (
    Document,
    PolicyStatement,
    allow,
    allow_account,
    allow_logs,
    allow_service,
    assume_role,
    document,
)

_CLOUDTRAIL = "cloudtrail.amazonaws.com"
_TEN_YEARS = 3650


@dataclass(frozen=True, kw_only=True)
class TrailArgs:
    """The account, the log retention, the bucket for access logs, and the permissions boundary of its role."""

    account: Account
    retention_days: int
    access_logs: pulumi.Input[str]
    boundary: pulumi.Input[str]


@final
class Trail(pulumi.ComponentResource):
    """Management events of all regions, encrypted, with log file validation, in a bucket and in CloudWatch Logs.

    Creates: PrivateBucket, aws.kms.Key, Alias, aws.cloudwatch.LogGroup, aws.iam.Role, RolePolicy, aws.cloudtrail.Trail.
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: TrailArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:bootstrap:Trail", name, None, opts)
        account, self._child = args.account, pulumi.ResourceOptions(parent=self)
        key = self._key(name, account)
        bucket = PrivateBucket(
            name,
            PrivateBucketArgs(
                bucket_name=account.bucket("trail"),
                key_arn=key.arn,
                # With a Bucket Key CreateTrail also asks for kms:Decrypt, which CloudTrail otherwise never needs:
                # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
                # (read 2026-11-30)
                bucket_key=False,
                statements=_bucket_statements(account),
                old_version_days=args.retention_days,
                expire_days=_TEN_YEARS,
                access_logs=args.access_logs,
            ),
            self._child,
        )
        group = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            name=account.trail_log_group,
            retention_in_days=args.retention_days,
            kms_key_id=key.arn,
            opts=self._child,
        )
        role, policy = self._role(name, args)
        trail = aws.cloudtrail.Trail(
            f"{name}-trail",
            name=account.prefix,
            s3_bucket_name=bucket.name,
            kms_key_id=key.arn,
            is_multi_region_trail=True,
            include_global_service_events=True,
            enable_log_file_validation=True,
            cloud_watch_logs_group_arn=pulumi.Output.concat(group.arn, ":*"),
            cloud_watch_logs_role_arn=role.arn,
            # CloudTrail tests its access when the trail is created.
            opts=pulumi.ResourceOptions(parent=self, protect=True, depends_on=[bucket.policy, policy]),
        )
        self.arn = trail.arn
        self.register_outputs({"arn": self.arn})

    def _key(self, name: str, account: Account) -> aws.kms.Key:
        key = aws.kms.Key(
            f"{name}-key",
            description="Encrypts the trail",
            enable_key_rotation=True,
            deletion_window_in_days=30,
            policy=json.dumps(_key_policy(account)),
            opts=pulumi.ResourceOptions(parent=self, protect=True),
        )
        aws.kms.Alias(f"{name}-alias", name=f"alias/{account.prefix}-trail", target_key_id=key.key_id, opts=self._child)
        return key

    def _role(self, name: str, args: TrailArgs) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
        account = args.account
        role = aws.iam.Role(
            f"{name}-role",
            name=f"{account.prefix}-trail",
            description="Lets the trail write to its log group",
            # No condition: CloudTrail sends neither aws:SourceArn nor aws:SourceAccount when it assumes this role.
            # With a condition on one of them CreateTrail fails with InvalidCloudWatchLogsRoleArnException. AWS does not
            # document it: https://github.com/prowler-cloud/prowler/issues/4714 (read 2026-11-30).
            assume_role_policy=json.dumps(assume_role(_CLOUDTRAIL, sid="CloudTrailOnly")),
            permissions_boundary=args.boundary,
            opts=self._child,
        )
        policy = aws.iam.RolePolicy(
            f"{name}-permissions",
            role=role.id,
            name="permissions",
            policy=json.dumps(_role_permissions(account)),
            opts=self._child,
        )
        return role, policy


def _key_policy(account: Account) -> Document:
    """Return the key policy: CloudTrail encrypts for this trail, CloudWatch Logs for its log group."""
    trail, group = account.trail, account.arn("logs", f"log-group:{account.trail_log_group}")
    return document(
        allow_account("AccountDecides", account.id),
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
        allow_logs(account.region, group),
    )


def _bucket_statements(account: Account) -> list[PolicyStatement]:
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


def _role_permissions(account: Account) -> Document:
    """Allow to write the trail's streams in its log group."""
    stream = f"log-stream:{account.id}_CloudTrail_{account.region}*"
    return document(
        allow(
            "WriteTrail",
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            [account.arn("logs", f"log-group:{account.trail_log_group}:{stream}")],
        )
    )
