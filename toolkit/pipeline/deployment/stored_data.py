"""What the tables, buckets, keys, secrets, pools, logs and queues of a stack hold, and which changes lose it.

IAM cannot report a first UpdateTimeToLive, PutLifecycleConfiguration, PutRetentionPolicy or PutKeyPolicy from a later
one, so no Deny statement of a deploy role covers these calls: the records have to be complete. A test holds that each
type of the programs has one.

Three changes are not in here, because nothing is lost by them. A KMS key that is rotated keeps its old key material. An
object in another storage class can be had back. A pool that asks for no second factor keeps the registered ones.
"""

from toolkit.pipeline.deployment.data_checks import keeps, not_shorter, stays, unchanged
from toolkit.pipeline.deployment.data_facts import GUARD, OLD_KEY, DataFacts, policy_of
from toolkit.pipeline.deployment.lifecycle_rules import expires_no_more
from toolkit.pipeline.deployment.policy_lockouts import key_stays_administrable, leaves_access
from toolkit.pipeline.deployment.table_checks import no_new_time_to_live

MESSAGES = "every message that waits longer than that"
NOT_RECORDED = "that part of the record of what is done from then on"
RECOVERABLE = "every second of the last 35 days"
_RECOVERY = stays(
    *("pointInTimeRecovery", "enabled"),
    what="gives up point-in-time recovery",
    lost=RECOVERABLE,
    needs_backup=True,
)
_EXPIRING = DataFacts(setting_of="bucket", checks=(expires_no_more("rules"),))
_LOG_RETENTION = not_shorter(
    "retentionInDays", default=0, unit="days", lost="every log event that is older", forever=(0,)
)


FACTS: dict[str, DataFacts] = {
    "aws:dynamodb/table:Table": DataFacts(
        "every record of the table",
        checks=(
            no_new_time_to_live,
            _RECOVERY,
            not_shorter(
                *("pointInTimeRecovery", "recoveryPeriodInDays"),
                default=35,
                unit="days",
                lost="the seconds to which the table can be restored, before that",
                where=("pointInTimeRecovery", "enabled"),
            ),
            unchanged("serverSideEncryption", "kmsKeyArn", what="changes its encryption key", lost=OLD_KEY),
            keeps("replicas", by=("regionName",), what="loses its replica in", lost="that copy of every record"),
            *(
                keeps("replicas", by=("regionName",), where=(name,), what=f"gives up {name} in", lost=lost)
                for name, lost in (("pointInTimeRecovery", RECOVERABLE), ("deletionProtectionEnabled", GUARD))
            ),
            stays("streamEnabled", what="ends its stream", lost="the changes that no consumer has read yet"),
            unchanged("streamViewType", what="gets another stream", lost="the changes that no consumer has read yet"),
        ),
    ),
    "aws:dynamodb/tableReplica:TableReplica": DataFacts("that copy of every record", checks=(_RECOVERY,)),
    "aws:dynamodb/globalTable:GlobalTable": DataFacts(
        "every copy of every record",
        checks=(keeps("replicas", by=("regionName",), what="loses its replica in", lost="that copy of every record"),),
    ),
    "aws:dynamodb/tableItem:TableItem": DataFacts("the record"),
    "aws:dynamodb/resourcePolicy:ResourcePolicy": policy_of("dynamodb", setting_of="resourceArn"),
    "aws:s3/bucket:Bucket": DataFacts(
        "every object of the bucket, old versions included",
        checks=(
            expires_no_more("lifecycleRules"),
            stays("versioning", "enabled", what="ends its versioning", lost="what is overwritten or deleted later"),
            stays("objectLockEnabled", what="ends its object lock", lost=GUARD),
            leaves_access("policy", service="s3"),
            keeps(
                *("replicationConfiguration", "rules"),
                by=("destination", "bucket"),
                what="no longer copies to",
                lost="the copies of later objects",
            ),
        ),
    ),
    "aws:s3/bucketVersioning:BucketVersioning": DataFacts(
        setting_of="bucket",
        checks=(
            stays(
                *("versioningConfiguration", "status"),
                on=("Enabled",),
                what="ends the bucket's versioning",
                lost="what is overwritten or deleted from then on",
            ),
        ),
    ),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _EXPIRING,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": DataFacts(
        checks=(
            unchanged(
                *("rules", "applyServerSideEncryptionByDefault", "kmsMasterKeyId"),
                what="changes its encryption key",
                lost=OLD_KEY,
            ),
        ),
    ),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": DataFacts(
        setting_of="bucket",
        checks=(
            *(
                not_shorter("rule", "defaultRetention", unit, default=0, unit=unit, lost=GUARD)
                for unit in ("days", "years")
            ),
            stays("rule", "defaultRetention", "mode", on=("COMPLIANCE",), what="gives up COMPLIANCE mode", lost=GUARD),
        ),
    ),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": DataFacts(
        setting_of="bucket",
        checks=(
            keeps(
                "rules",
                by=("destination", "bucket"),
                what="no longer copies to",
                lost="the copies of later objects",
            ),
        ),
    ),
    "aws:s3/bucketPolicy:BucketPolicy": policy_of("s3", setting_of="bucket"),
    "aws:s3/bucketLogging:BucketLogging": DataFacts(missed="the record of later accesses"),
    "aws:s3/bucketObject:BucketObject": DataFacts("the object"),
    "aws:s3/bucketObjectv2:BucketObjectv2": DataFacts("the object"),
    "aws:s3/objectCopy:ObjectCopy": DataFacts("the object"),
    "aws:s3/directoryBucket:DirectoryBucket": DataFacts("every object of the bucket"),
    "aws:s3tables/tableBucket:TableBucket": DataFacts("every table of the bucket"),
    "aws:s3tables/table:Table": DataFacts("every record of the table"),
    "aws:kms/key:Key": DataFacts(
        "everything that is encrypted with the key, for ever",
        checks=(
            key_stays_administrable("policy"),
            stays("isEnabled", on=(True, None), what="is switched off", lost="access to everything encrypted with it"),
            not_shorter("deletionWindowInDays", default=30, unit="days", lost="time to cancel the key's deletion"),
        ),
    ),
    "aws:kms/keyPolicy:KeyPolicy": DataFacts(setting_of="keyId", checks=(key_stays_administrable("policy"),)),
    "aws:kms/externalKey:ExternalKey": DataFacts(
        "everything that is encrypted with the key, for ever",
        checks=(
            key_stays_administrable("policy"),
            stays("enabled", on=(True, None), what="is switched off", lost="access to everything encrypted with it"),
            unchanged("validTo", what="gets another end of its key material", lost="what is read after that"),
            unchanged("keyMaterialBase64", what="gets other key material", lost="what only the old one reads"),
        ),
    ),
    "aws:kms/replicaKey:ReplicaKey": DataFacts(
        "access in that region to everything encrypted with it", checks=(key_stays_administrable("policy"),)
    ),
    "aws:kms/alias:Alias": DataFacts(
        checks=(unchanged("targetKeyId", what="changes its encryption key", lost=OLD_KEY),)
    ),
    "aws:secretsmanager/secret:Secret": DataFacts(
        "the secret's value and its old versions",
        checks=(
            not_shorter("recoveryWindowInDays", default=30, unit="days", lost="days in which a deletion is undone"),
            unchanged("kmsKeyId", what="changes its encryption key", lost=OLD_KEY),
            keeps("replicas", by=("region",), what="loses its replica in", lost="that copy of the value"),
            leaves_access("policy", service="secretsmanager"),
        ),
    ),
    "aws:secretsmanager/secretPolicy:SecretPolicy": policy_of("secretsmanager", setting_of="secretArn"),
    "aws:ssm/parameter:Parameter": DataFacts("the parameter's value and its old versions"),
    "aws:cognito/userPool:UserPool": DataFacts(
        "every account of the pool: passwords, second factors and the ids that records belong to",
        checks=(
            keeps("schemas", by=("name",), what="loses the attribute", lost="its value in every account"),
            unchanged("aliasAttributes", what="changes its sign-in aliases", lost="every account of the pool"),
            unchanged("usernameAttributes", what="changes its user names", lost="every account of the pool"),
        ),
    ),
    "aws:cognito/user:User": DataFacts("the account"),
    "aws:cognito/identityPool:IdentityPool": DataFacts("every identity id, to which records may belong"),
    "aws:cognito/identityProvider:IdentityProvider": DataFacts("the sign-in of every account that comes from it"),
    "aws:cognito/userPoolClient:UserPoolClient": DataFacts(
        missed="the client's id and secret: no caller signs in with them any more"
    ),
    "aws:cognito/userPoolDomain:UserPoolDomain": DataFacts(
        missed="the address of the sign-in page, until the new one answers"
    ),
    "aws:cognito/userGroup:UserGroup": DataFacts(missed="which accounts belong to the group"),
    "aws:cloudwatch/logGroup:LogGroup": DataFacts(
        "the logs that were kept until now",
        checks=(_LOG_RETENTION, keeps("kmsKeyId", by=(), what="no longer uses the key", lost=OLD_KEY)),
    ),
    "aws:cloudwatch/eventArchive:EventArchive": DataFacts(
        "every archived event",
        checks=(
            not_shorter("retentionDays", default=0, unit="days", lost="every event that is older", forever=(0,)),
            unchanged("eventPattern", what="archives other events", lost="the events that no longer match"),
        ),
    ),
    "aws:cloudtrail/trail:Trail": DataFacts(
        "the record of what is done from then on",
        checks=(
            *(
                stays(name, on=on, what=f"gives up {name}", lost=NOT_RECORDED)
                for name, on in (
                    ("enableLogging", (True, None)),
                    ("includeGlobalServiceEvents", (True, None)),
                    ("isMultiRegionTrail", (True,)),
                    ("enableLogFileValidation", (True,)),
                )
            ),
            *(
                unchanged(name, what="records other events", lost=NOT_RECORDED)
                for name in ("eventSelectors", "advancedEventSelectors")
            ),
            keeps("cloudWatchLogsGroupArn", by=(), what="no longer writes to", lost=NOT_RECORDED),
        ),
    ),
    "aws:cloudtrail/eventDataStore:EventDataStore": DataFacts(
        "every stored event",
        checks=(
            not_shorter("retentionPeriod", default=2555, unit="days", lost="every event that is older"),
            stays("suspend", on=(False, None), what="stops recording", lost="the events from then on"),
        ),
    ),
    "aws:sqs/queue:Queue": DataFacts(
        "every message that waits in the queue",
        checks=(
            not_shorter("messageRetentionSeconds", default=345600, unit="seconds", lost=MESSAGES),
            leaves_access("policy", service="sqs"),
            keeps("kmsMasterKeyId", by=(), what="no longer uses the key", lost=OLD_KEY),
        ),
    ),
    "aws:sqs/queuePolicy:QueuePolicy": policy_of("sqs", setting_of="queueUrl"),
    "aws:lambda/function:Function": DataFacts(
        checks=(
            keeps(
                "deadLetterConfig",
                by=("targetArn",),
                what="no longer sends failed events to",
                lost="every event that fails",
            ),
        )
    ),
}
