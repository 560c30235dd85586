"""Resource types of AWS services without a file here; most have one known fact."""

from toolkit.resource_types.data_loss.checks import Check, keeps, not_shorter, stays, unchanged
from toolkit.resource_types.data_loss.stored_data import OLD_KEY, PROTECTION, StoredData, policy_of
from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs, generated_id, id_is_arn
from toolkit.resource_types.record import FREE_REFERENCE, HOLDS_NOTHING, ResourceType

DELIVERY_STREAM = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
SCALING_TARGET = "aws:appautoscaling/target:Target"

_BACKUPS = "the backups of the days that are no longer kept"


def _backups(*path: str, default: float = 1) -> Check:
    return not_shorter(*path, default=default, unit="days", lost=_BACKUPS)


_KEY = unchanged("kmsKeyId", what="changes its encryption key", lost=OLD_KEY)

_RECORDS = "every record of the database"

_CLUSTER = StoredData(_RECORDS, checks=(_backups("backupRetentionPeriod"), _KEY))

_CACHE = StoredData("every record of the cache", checks=(_backups("snapshotRetentionLimit", default=0),))

_FILES = StoredData("every file", checks=(_backups("automaticBackupRetentionDays", default=0),))


def _repository(new: NewResource) -> PreviewOutputs:
    name = new.named()
    url = f"{new.account}.dkr.ecr.{new.region}.{new.place.dns_suffix}/{name}"
    arn = new.arn("ecr", f"repository/{name}")
    return PreviewOutputs(name, {"name": name, "arn": arn, "registryId": new.account, "repositoryUrl": url})


TYPES = (
    ResourceType(
        "aws:acmpca/certificateAuthority:CertificateAuthority",
        data=StoredData(
            "the authority's private key",
            checks=(
                not_shorter("permanentDeletionTimeInDays", default=30, unit="days", lost="time to cancel a deletion"),
                stays("enabled", on=(True, None), what="is disabled", lost="later certificates"),
            ),
        ),
    ),
    ResourceType("aws:amp/workspace:Workspace", data=StoredData("every metric of the workspace")),
    ResourceType(
        "aws:appautoscaling/policy:Policy",
        data=HOLDS_NOTHING,
        free="scaling is free; the capacity that it scales is priced",
        no_rule="only sets when a capacity scales",
    ),
    ResourceType(
        SCALING_TARGET,
        data=HOLDS_NOTHING,
        free="scaling is free; the capacity that it scales is priced",
        no_rule="only sets the bounds of a capacity, which the cost estimate counts",
    ),
    ResourceType("aws:athena/workgroup:Workgroup", data=StoredData("the saved queries and the history")),
    ResourceType(
        "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault",
        data=StoredData("every recovery point of the vault"),
    ),
    ResourceType(
        "aws:backup/plan:Plan",
        data=StoredData(
            "later backups",
            checks=(
                keeps("rules", by=("ruleName",), what="removes the rule", lost="later backups"),
                not_shorter(
                    *("rules", "lifecycle", "deleteAfter"),
                    default=0,
                    unit="days",
                    lost="the backups that are older",
                    forever=(0,),
                ),
            ),
        ),
    ),
    ResourceType("aws:backup/selection:Selection", data=StoredData("later backups of what it selects")),
    ResourceType("aws:backup/vault:Vault", data=StoredData("every recovery point of the vault")),
    ResourceType(
        "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
        data=StoredData(
            setting_of="backupVaultName",
            checks=(not_shorter("minRetentionDays", default=0, unit="days", lost=PROTECTION),),
        ),
    ),
    ResourceType("aws:backup/vaultPolicy:VaultPolicy", data=policy_of("backup", setting_of="backupVaultName")),
    ResourceType("aws:codeartifact/domain:Domain", data=StoredData("every package of the domain")),
    ResourceType("aws:codeartifact/repository:Repository", data=StoredData("every package of the repository")),
    ResourceType("aws:codecommit/repository:Repository", data=StoredData("every commit of the repository")),
    ResourceType(
        "aws:dlm/lifecyclePolicy:LifecyclePolicy",
        data=StoredData(
            "later snapshots",
            checks=(
                unchanged("policyDetails", what="keeps other snapshots", lost="every snapshot that it applies to"),
            ),
        ),
    ),
    ResourceType("aws:docdb/cluster:Cluster", data=_CLUSTER),
    ResourceType("aws:docdb/elasticCluster:ElasticCluster", data=_CLUSTER),
    ResourceType("aws:dsql/cluster:Cluster", data=StoredData(_RECORDS)),
    ResourceType("aws:ebs/snapshot:Snapshot", data=StoredData("the snapshot")),
    ResourceType("aws:ebs/volume:Volume", data=StoredData("every file of the volume")),
    ResourceType(
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        data=StoredData(
            setting_of="repository",
            checks=(
                unchanged(
                    "policy", what="deletes other images", lost="every image that the policy applies to", new=True
                ),
            ),
        ),
    ),
    ResourceType(
        "aws:ecr/repository:Repository", data=StoredData("every image of the repository"), preview=_repository
    ),
    ResourceType("aws:ecr/repositoryPolicy:RepositoryPolicy", data=policy_of("ecr", setting_of="repository")),
    ResourceType(
        "aws:ecs/cluster:Cluster",
        preview=id_is_arn("ecs", "cluster/"),
        free="a cluster is free; its services are priced",
    ),
    ResourceType(
        "aws:efs/backupPolicy:BackupPolicy",
        data=StoredData(
            setting_of="fileSystemId",
            checks=(
                stays("backupPolicy", "status", on=("ENABLED",), what="disables the backups", lost="later backups"),
            ),
        ),
    ),
    ResourceType("aws:efs/fileSystem:FileSystem", data=StoredData("every file")),
    ResourceType(
        "aws:efs/fileSystemPolicy:FileSystemPolicy", data=policy_of("elasticfilesystem", setting_of="fileSystemId")
    ),
    ResourceType(
        "aws:efs/replicationConfiguration:ReplicationConfiguration", data=StoredData("the copy of every later file")
    ),
    ResourceType("aws:elasticache/cluster:Cluster", data=_CACHE),
    ResourceType("aws:elasticache/replicationGroup:ReplicationGroup", data=_CACHE),
    ResourceType("aws:elasticache/serverlessCache:ServerlessCache", data=_CACHE),
    ResourceType("aws:fsx/lustreFileSystem:LustreFileSystem", data=_FILES),
    ResourceType("aws:fsx/ontapFileSystem:OntapFileSystem", data=_FILES),
    ResourceType("aws:fsx/ontapVolume:OntapVolume", data=StoredData("every file")),
    ResourceType("aws:fsx/openZfsFileSystem:OpenZfsFileSystem", data=_FILES),
    ResourceType("aws:fsx/openZfsVolume:OpenZfsVolume", data=StoredData("every file")),
    ResourceType("aws:fsx/windowsFileSystem:WindowsFileSystem", data=_FILES),
    ResourceType("aws:glue/catalogTable:CatalogTable", data=StoredData("the table's definition")),
    ResourceType("aws:keyspaces/keyspace:Keyspace", data=StoredData("every table of the keyspace")),
    ResourceType(
        "aws:keyspaces/table:Table",
        data=StoredData(
            "every record of the table",
            checks=(
                stays(
                    "pointInTimeRecovery",
                    "status",
                    on=("ENABLED",),
                    what="disables its point-in-time recovery",
                    lost=_BACKUPS,
                ),
                stays("ttl", "status", on=(None,), what="enables time to live", lost="old records"),
            ),
        ),
    ),
    ResourceType(
        "aws:kinesis/stream:Stream",
        data=StoredData(
            "every record of the stream",
            checks=(
                not_shorter("retentionPeriod", default=24, unit="hours", lost="every record that is older"),
                stays("encryptionType", on=("KMS",), what="disables its encryption", lost=OLD_KEY),
                _KEY,
            ),
        ),
        preview=id_is_arn("kinesis", "stream/"),
    ),
    ResourceType(
        "aws:kinesis/videoStream:VideoStream",
        data=StoredData(
            "every fragment of the stream",
            checks=(not_shorter("dataRetentionInHours", default=0, unit="hours", lost="every fragment that is older"),),
        ),
    ),
    ResourceType("aws:memorydb/cluster:Cluster", data=_CACHE),
    ResourceType("aws:mq/broker:Broker", data=StoredData("every message in the broker")),
    ResourceType("aws:msk/cluster:Cluster", data=StoredData("every record of every topic")),
    ResourceType("aws:msk/serverlessCluster:ServerlessCluster", data=StoredData("every record of every topic")),
    ResourceType("aws:neptune/cluster:Cluster", data=_CLUSTER),
    ResourceType("aws:neptunegraph/graph:Graph", data=StoredData(_RECORDS)),
    ResourceType("aws:opensearch/domain:Domain", data=StoredData("every document of the domain")),
    ResourceType(
        "aws:opensearch/serverlessCollection:ServerlessCollection", data=StoredData("every document of the collection")
    ),
    ResourceType("aws:pipes/pipe:Pipe", data=HOLDS_NOTHING),
    ResourceType(
        "aws:rds/cluster:Cluster",
        data=StoredData(
            _RECORDS,
            checks=(
                *_CLUSTER.checks,
                not_shorter("backtrackWindow", default=0, unit="seconds", lost="the time to which it can be set back"),
            ),
        ),
    ),
    ResourceType("aws:rds/clusterInstance:ClusterInstance", data=HOLDS_NOTHING),
    ResourceType("aws:rds/clusterSnapshot:ClusterSnapshot", data=StoredData("the snapshot")),
    ResourceType("aws:rds/globalCluster:GlobalCluster", data=StoredData("every copy of every record")),
    ResourceType(
        "aws:rds/instance:Instance",
        data=StoredData(
            _RECORDS,
            checks=(
                _backups("backupRetentionPeriod", default=0),
                _KEY,
                stays(
                    "deleteAutomatedBackups",
                    on=(False,),
                    what="would be deleted with its backups",
                    lost=PROTECTION,
                ),
            ),
        ),
    ),
    ResourceType(
        "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
        data=StoredData("the copies of the backups", checks=(_backups("retentionPeriod", default=7),)),
    ),
    ResourceType("aws:rds/snapshot:Snapshot", data=StoredData("the snapshot")),
    ResourceType(
        "aws:redshift/cluster:Cluster",
        data=StoredData(
            _RECORDS, checks=(_backups("automatedSnapshotRetentionPeriod"), _backups("manualSnapshotRetentionPeriod"))
        ),
    ),
    ResourceType("aws:redshiftserverless/namespace:Namespace", data=StoredData(_RECORDS)),
    ResourceType("aws:resourcegroups/group:Group", free=FREE_REFERENCE, no_rule="only names resources"),
    ResourceType("aws:s3tables/table:Table", data=StoredData("every record of the table")),
    ResourceType("aws:s3tables/tableBucket:TableBucket", data=StoredData("every table of the bucket")),
    ResourceType("aws:sfn/stateMachine:StateMachine", preview=id_is_arn("states", "stateMachine:")),
    ResourceType("aws:timestreamwrite/database:Database", data=StoredData("every table of the database")),
    ResourceType(
        "aws:timestreamwrite/table:Table",
        data=StoredData(
            "every record of the table",
            checks=tuple(
                not_shorter("retentionProperties", name, default=0, unit="", lost="every record that is older")
                for name in ("magneticStoreRetentionPeriodInDays", "memoryStoreRetentionPeriodInHours")
            ),
        ),
    ),
    ResourceType("aws:xray/group:Group", free=FREE_REFERENCE),
    ResourceType(
        "aws:xray/samplingRule:SamplingRule", free=FREE_REFERENCE, no_rule="only sets how many traces are recorded"
    ),
    ResourceType("pulumi:providers:aws", preview=generated_id),
)
