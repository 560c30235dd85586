"""What the stores that a team may add hold, and which changes lose it."""

from toolkit.pipeline.deployment.data_checks import Check, keeps, not_shorter, stays, unchanged
from toolkit.pipeline.deployment.data_facts import GUARD, OLD_KEY, DataFacts, policy_of

BACKUPS = "the backups of the days that are cut off"


def _backups(*path: str, default: float = 1) -> Check:
    return not_shorter(*path, default=default, unit="days", lost=BACKUPS)


_FAILED_EVENTS = (
    *(
        not_shorter(name, default=default, unit=unit, lost="every event that fails longer than that", forever=(-1,))
        for name, default, unit in (
            ("maximumRecordAgeInSeconds", -1, "seconds"),
            ("maximumEventAgeInSeconds", 21600, "seconds"),
            ("maximumRetryAttempts", 2, "attempts"),
        )
    ),
    keeps(
        *("destinationConfig", "onFailure"),
        by=("destinationArn",),
        what="no longer sends failed events to",
        lost="every event that fails",
    ),
)

_KEY = unchanged("kmsKeyId", what="changes its encryption key", lost=OLD_KEY)
_RECORDS = "every record of the database"
_CLUSTER = DataFacts(_RECORDS, checks=(_backups("backupRetentionPeriod"), _KEY))
_CACHE = DataFacts("every record of the cache", checks=(_backups("snapshotRetentionLimit", default=0),))
_FILES = DataFacts("every file", checks=(_backups("automaticBackupRetentionDays", default=0),))

FACTS: dict[str, DataFacts] = {
    "aws:rds/instance:Instance": DataFacts(
        _RECORDS,
        checks=(
            _backups("backupRetentionPeriod", default=0),
            _KEY,
            stays(
                "deleteAutomatedBackups",
                on=(False,),
                what="would be deleted with its backups",
                lost=GUARD,
            ),
        ),
    ),
    "aws:rds/cluster:Cluster": DataFacts(
        _RECORDS,
        checks=(
            *_CLUSTER.checks,
            not_shorter("backtrackWindow", default=0, unit="seconds", lost="the time to which it can be set back"),
        ),
    ),
    "aws:rds/globalCluster:GlobalCluster": DataFacts("every copy of every record"),
    "aws:rds/snapshot:Snapshot": DataFacts("the snapshot"),
    "aws:rds/clusterSnapshot:ClusterSnapshot": DataFacts("the snapshot"),
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": DataFacts(
        "the copies of the backups", checks=(_backups("retentionPeriod", default=7),)
    ),
    "aws:docdb/cluster:Cluster": _CLUSTER,
    "aws:docdb/elasticCluster:ElasticCluster": _CLUSTER,
    "aws:neptune/cluster:Cluster": _CLUSTER,
    "aws:neptunegraph/graph:Graph": DataFacts(_RECORDS),
    "aws:dsql/cluster:Cluster": DataFacts(_RECORDS),
    "aws:redshift/cluster:Cluster": DataFacts(
        _RECORDS, checks=(_backups("automatedSnapshotRetentionPeriod"), _backups("manualSnapshotRetentionPeriod"))
    ),
    "aws:redshiftserverless/namespace:Namespace": DataFacts(_RECORDS),
    "aws:keyspaces/table:Table": DataFacts(
        "every record of the table",
        checks=(
            stays("pointInTimeRecovery", "status", on=("ENABLED",), what="gives up its recovery", lost=BACKUPS),
            stays("ttl", "status", on=(None,), what="starts to delete records by time to live", lost="old records"),
        ),
    ),
    "aws:keyspaces/keyspace:Keyspace": DataFacts("every table of the keyspace"),
    "aws:timestreamwrite/table:Table": DataFacts(
        "every record of the table",
        checks=tuple(
            not_shorter("retentionProperties", name, default=0, unit="", lost="every record that is older")
            for name in ("magneticStoreRetentionPeriodInDays", "memoryStoreRetentionPeriodInHours")
        ),
    ),
    "aws:timestreamwrite/database:Database": DataFacts("every table of the database"),
    "aws:elasticache/cluster:Cluster": _CACHE,
    "aws:elasticache/replicationGroup:ReplicationGroup": _CACHE,
    "aws:elasticache/serverlessCache:ServerlessCache": _CACHE,
    "aws:memorydb/cluster:Cluster": _CACHE,
    "aws:opensearch/domain:Domain": DataFacts("every document of the domain"),
    "aws:opensearch/serverlessCollection:ServerlessCollection": DataFacts("every document of the collection"),
    "aws:efs/fileSystem:FileSystem": DataFacts("every file"),
    "aws:efs/backupPolicy:BackupPolicy": DataFacts(
        setting_of="fileSystemId",
        checks=(
            stays("backupPolicy", "status", on=("ENABLED",), what="ends the backups", lost="the backups from then on"),
        ),
    ),
    "aws:efs/fileSystemPolicy:FileSystemPolicy": policy_of("elasticfilesystem", setting_of="fileSystemId"),
    "aws:efs/replicationConfiguration:ReplicationConfiguration": DataFacts("the copy of every later file"),
    "aws:fsx/lustreFileSystem:LustreFileSystem": _FILES,
    "aws:fsx/ontapFileSystem:OntapFileSystem": _FILES,
    "aws:fsx/ontapVolume:OntapVolume": DataFacts("every file"),
    "aws:fsx/openZfsFileSystem:OpenZfsFileSystem": _FILES,
    "aws:fsx/openZfsVolume:OpenZfsVolume": DataFacts("every file"),
    "aws:fsx/windowsFileSystem:WindowsFileSystem": _FILES,
    "aws:ebs/volume:Volume": DataFacts("every file of the volume"),
    "aws:ebs/snapshot:Snapshot": DataFacts("the snapshot"),
    "aws:ec2/instance:Instance": DataFacts(
        "the disks that end with the instance",
        checks=(
            stays("disableApiTermination", what="gives up disableApiTermination", lost=GUARD),
            stays(
                "rootBlockDevice",
                "deleteOnTermination",
                on=(False,),
                what="would be deleted with its disk",
                lost=GUARD,
            ),
        ),
    ),
    "aws:backup/vault:Vault": DataFacts("every recovery point of the vault"),
    "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault": DataFacts("every recovery point of the vault"),
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": DataFacts(
        setting_of="backupVaultName",
        checks=(not_shorter("minRetentionDays", default=0, unit="days", lost=GUARD),),
    ),
    "aws:backup/vaultPolicy:VaultPolicy": policy_of("backup", setting_of="backupVaultName"),
    "aws:backup/plan:Plan": DataFacts(
        "the backups from then on",
        checks=(
            keeps("rules", by=("ruleName",), what="loses the rule", lost="the backups from then on"),
            not_shorter(
                *("rules", "lifecycle", "deleteAfter"),
                default=0,
                unit="days",
                lost="the backups that are older",
                forever=(0,),
            ),
        ),
    ),
    "aws:backup/selection:Selection": DataFacts("the backups of what it selects, from then on"),
    "aws:kinesis/stream:Stream": DataFacts(
        "every record of the stream",
        checks=(
            not_shorter("retentionPeriod", default=24, unit="hours", lost="every record that is older"),
            stays("encryptionType", on=("KMS",), what="ends its encryption", lost=OLD_KEY),
            _KEY,
        ),
    ),
    "aws:kinesis/videoStream:VideoStream": DataFacts(
        "every fragment of the stream",
        checks=(not_shorter("dataRetentionInHours", default=0, unit="hours", lost="every fragment that is older"),),
    ),
    "aws:msk/cluster:Cluster": DataFacts("every record of every topic"),
    "aws:msk/serverlessCluster:ServerlessCluster": DataFacts("every record of every topic"),
    "aws:mq/broker:Broker": DataFacts("every message that waits in the broker"),
    "aws:lambda/eventSourceMapping:EventSourceMapping": DataFacts(
        "its position in the stream: what arrives before another one starts may be skipped", checks=_FAILED_EVENTS
    ),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": DataFacts(
        setting_of="functionName", checks=_FAILED_EVENTS
    ),
    "aws:ecr/repository:Repository": DataFacts("every image of the repository"),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": policy_of("ecr", setting_of="repository"),
    "aws:codecommit/repository:Repository": DataFacts("every commit of the repository"),
    "aws:codeartifact/repository:Repository": DataFacts("every package of the repository"),
    "aws:codeartifact/domain:Domain": DataFacts("every package of the domain"),
    "aws:route53/zone:Zone": DataFacts("every record of the zone, and its name servers"),
    "aws:acmpca/certificateAuthority:CertificateAuthority": DataFacts(
        "the authority's private key",
        checks=(
            not_shorter("permanentDeletionTimeInDays", default=30, unit="days", lost="time to undo a deletion"),
            stays("enabled", on=(True, None), what="is switched off", lost="certificates from then on"),
        ),
    ),
    "aws:cloudfront/keyValueStore:KeyValueStore": DataFacts("every value of the store"),
    "aws:glue/catalogTable:CatalogTable": DataFacts("the table's definition"),
    "aws:athena/workgroup:Workgroup": DataFacts("the saved queries and the history"),
    "aws:amp/workspace:Workspace": DataFacts("every metric of the workspace"),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": DataFacts(
        setting_of="repository",
        checks=(
            unchanged("policy", what="deletes other images", lost="every image that the policy applies to", new=True),
        ),
    ),
    "aws:dlm/lifecyclePolicy:LifecyclePolicy": DataFacts(
        "the snapshots from then on",
        checks=(unchanged("policyDetails", what="keeps other snapshots", lost="every snapshot that it applies to"),),
    ),
}
