"""Rules on DynamoDB tables."""

from collections.abc import Iterator

from policies.bounds import bounds_of
from toolkit.policy.iam.documents import (
    for_each_statement,
    is_not_public,
)
from toolkit.policy.rule import Levels, ResourceRule, Severity, StackCheck, StackRule, controls, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.dynamodb import RESOURCE_POLICY, TABLE
from toolkit.resource_types.lambda_ import EVENT_SOURCE_MAPPING, FUNCTION
from toolkit.resource_types.other_services import SCALING_TARGET
from toolkit.resource_types.quotas import INDEXES_OF_A_TABLE
from toolkit.resource_types.s3 import BUCKET
from toolkit.stacks.inputs import Inputs, StackInputs, UnknownPropertyError, Violations, every
from toolkit.stacks.references import known_text, names_of, referred_to, region_of


def _on_demand(table: Inputs) -> bool:
    return table.text("billingMode", "PROVISIONED") == "PAY_PER_REQUEST"


def _bounded(part: Inputs, names: tuple[str, str], stack: Stack) -> bool:
    return all(1 <= part.number(name, -1) <= bounds_of(stack).table_units_per_second for name in names)


def _area(region: str) -> str:
    """Return the geographic area of a Region: `eu` of eu-central-1."""
    return region.partition("-")[0]


_MAXIMA = ("onDemandThroughput.maxReadRequestUnits", "onDemandThroughput.maxWriteRequestUnits")
_CAPACITIES = ("readCapacity", "writeCapacity")

dynamodb_pitr = ResourceRule(
    name="dynamodb-pitr",
    description="DynamoDB tables have point-in-time recovery enabled",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("FSBP: DynamoDB.2; NAG: DDB3; CHECKOV: CKV_AWS_28; GUARD: dynamodb_pitr_enabled"),
    types=(TABLE,),
    checks={
        "pointInTimeRecovery.enabled is not true (false by default); set it to true": (
            lambda table, _: table.flag("pointInTimeRecovery.enabled")
        ),
        "pointInTimeRecovery.recoveryPeriodInDays is below {bounds.recovery_days} (35 by default); raise it": (
            lambda table, stack: (
                not table.flag("pointInTimeRecovery.enabled")
                or table.number("pointInTimeRecovery.recoveryPeriodInDays", 35) >= bounds_of(stack).recovery_days
            )
        ),
    },
)

dynamodb_table_class = ResourceRule(
    name="dynamodb-table-class",
    description="DynamoDB tables have the table class STANDARD",
    severity=Severity.LOW,
    levels=Levels.WARNS,
    types=(TABLE,),
    message="tableClass is STANDARD_INFREQUENT_ACCESS, whose requests cost 25 % more; remove it, unless storage is "
    "most of the table's cost",
    check=lambda table, _: table.text("tableClass", "STANDARD") == "STANDARD",
)
"""https://www.amazonaws.cn/en/dynamodb/pricing/ (read 2026-11-30): ¥0.0725 instead of ¥0.058 for the same units."""

dynamodb_deletion_protection = ResourceRule(
    name="dynamodb-deletion-protection",
    description="DynamoDB tables have deletion protection enabled",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS_WHERE_KEPT,
    controls=controls("FSBP: DynamoDB.6"),
    types=(TABLE,),
    message="deletionProtectionEnabled is not true (false by default); set it to true",
    check=lambda table, _: table.flag("deletionProtectionEnabled"),
)

dynamodb_key = ResourceRule(
    name="dynamodb-cmk",
    description="DynamoDB tables are encrypted with a customer managed KMS key",
    severity=Severity.LOW,
    levels=Levels.WARNS_WHERE_KEPT,
    controls=controls("CHECKOV: CKV_AWS_119; GUARD: dynamodb_table_encrypted_kms"),
    types=(TABLE,),
    message="serverSideEncryption is off or has no kmsKeyArn, so AWS owns the key; set enabled and kmsKeyArn",
    check=lambda table, _: table.flag("serverSideEncryption.enabled") and table.has("serverSideEncryption.kmsKeyArn"),
)

dynamodb_capacity_mode = ResourceRule(
    name="dynamodb-capacity-mode",
    description="DynamoDB tables are on demand, or have a bounded provisioned capacity",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    types=(TABLE,),
    checks={
        "billingMode is PROVISIONED (the default) with readCapacity or writeCapacity above"
        " {bounds.table_units_per_second} or absent; set billingMode to PAY_PER_REQUEST": (
            lambda table, stack: _on_demand(table) or _bounded(table, _CAPACITIES, stack)
        ),
        "billingMode is PROVISIONED (the default) with an index whose readCapacity or writeCapacity is above"
        " {bounds.table_units_per_second} or absent; set billingMode to PAY_PER_REQUEST": (
            lambda table, stack: (
                _on_demand(table)
                or every(table.parts("globalSecondaryIndexes"), lambda index: _bounded(index, _CAPACITIES, stack))
            )
        ),
    },
)

dynamodb_max_throughput = ResourceRule(
    name="dynamodb-max-throughput",
    description="DynamoDB tables have a maximum on-demand throughput",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("GUARD: dynamodb_throughput_limit_check"),
    types=(TABLE,),
    message="onDemandThroughput has no maxReadRequestUnits and maxWriteRequestUnits between 1 and "
    "{bounds.table_units_per_second} (unbounded by default); set both",
    check=lambda table, stack: not _on_demand(table) or _bounded(table, _MAXIMA, stack),
)

dynamodb_index_throughput = ResourceRule(
    name="dynamodb-index-throughput",
    description="DynamoDB global secondary indexes have a maximum on-demand throughput",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(TABLE,),
    message="an index in globalSecondaryIndexes has no onDemandThroughput with maxReadRequestUnits and "
    "maxWriteRequestUnits between 1 and {bounds.table_units_per_second}; set both",
    check=lambda table, stack: (
        not _on_demand(table)
        or every(table.parts("globalSecondaryIndexes"), lambda index: _bounded(index, _MAXIMA, stack))
    ),
)

_MOST_PROJECTED = 100
"""Global secondary indexes of a table, and attributes that all its INCLUDE projections name:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html (read 2026-11-30)"""
_VIEWS = {"KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"}


def _keys(part: Inputs) -> set[str]:
    keys = {part.text(name) for name in ("hashKey", "rangeKey") if part.has(name)}
    return keys | {each.text("attributeName") for each in part.parts("keySchemas")}


def _attributes_are_keys(table: Inputs, _stack: Stack) -> bool:
    """Return whether the attributes are exactly the keys of the table and its indexes."""
    indexes = (*table.parts("globalSecondaryIndexes"), *table.parts("localSecondaryIndexes"))
    used = _keys(table).union(*(_keys(index) for index in indexes))
    local = {index.text("rangeKey") for index in table.parts("localSecondaryIndexes")}
    return {one.text("name") for one in table.parts("attributes")} == used | local


def _is_projected(index: Inputs) -> bool:
    projection, names = index.text("projectionType"), index.texts("nonKeyAttributes")
    return bool(names) if projection == "INCLUDE" else projection in {"ALL", "KEYS_ONLY"} and not names


def _indexes_are_few(table: Inputs, _stack: Stack) -> bool:
    indexes = table.parts("globalSecondaryIndexes")
    projected = sum(len(index.texts("nonKeyAttributes")) for index in indexes)
    return len(indexes) <= INDEXES_OF_A_TABLE and projected <= _MOST_PROJECTED


dynamodb_indexes_accepted = ResourceRule(
    name="dynamodb-indexes-accepted",
    description="DynamoDB accepts the indexes and attributes of a table",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    types=(TABLE,),
    checks={
        "attributes lists a name that is no key of the table or of an index, or lacks a key; list exactly the keys": (
            _attributes_are_keys
        ),
        "projectionType of an index is not ALL or KEYS_ONLY without nonKeyAttributes, or INCLUDE with them; "
        "correct it": lambda table, _: every(table.parts("globalSecondaryIndexes"), _is_projected),
        f"more than {INDEXES_OF_A_TABLE} globalSecondaryIndexes or {_MOST_PROJECTED} nonKeyAttributes; remove some": (
            _indexes_are_few
        ),
    },
)

dynamodb_stream_view = ResourceRule(
    name="dynamodb-stream-view",
    description="DynamoDB streams set their view type",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    types=(TABLE,),
    message="streamEnabled is true, and DynamoDB rejects a streamViewType other than KEYS_ONLY, NEW_IMAGE, OLD_IMAGE "
    "and NEW_AND_OLD_IMAGES; set one",
    check=lambda table, _: not table.flag("streamEnabled") or table.text("streamViewType") in _VIEWS,
)

dynamodb_replicas_known = ResourceRule(
    name="dynamodb-replicas-known",
    description="DynamoDB replicas are in the geographic area of the stack's Region",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    types=(TABLE,),
    message="replicas has a regionName of another area, such as us for a stack in eu; remove the replica",
    check=lambda table, _: every(
        table.parts("replicas"), lambda replica: _area(replica.text("regionName")) == _area(region_of(table))
    ),
)

dynamodb_policy_not_public = ResourceRule(
    name="dynamodb-policy-not-public",
    description="DynamoDB resource policies do not allow public access",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    controls=controls("CIS7: 2.21"),
    types=(RESOURCE_POLICY,),
    message="a statement of policy allows Principal * or NotPrincipal without a condition on the caller; list the "
    "roles",
    check=for_each_statement(is_not_public),
)

_VARIABLES = "environment.variables"
_NAMES = ("name", "bucket")
_EXPIRY = "expires_at"
"""The attribute in which every table holds the time; a record without it stays."""


def _named_by_variables(
    graph: StackInputs, function: Inputs, suffix: str, type_: str
) -> Iterator[tuple[str, tuple[Inputs, ...]]]:
    """Yield each variable of the function that names a table or bucket, with the resource that it names."""
    for variable in function.keys(_VARIABLES):
        if variable.endswith(suffix):
            value = known_text(function, f"{_VARIABLES}.{variable}")
            yield variable, referred_to(function, "environment", value, graph.of(type_), *_NAMES)


def _variables_name_resources_of_stack(suffix: str, type_: str) -> StackCheck:
    def check(graph: StackInputs, _stack: Stack) -> bool | Violations:
        return every(
            graph.of(FUNCTION), lambda one: all(found for _, found in _named_by_variables(graph, one, suffix, type_))
        )

    return check


def _stream_is_read(graph: StackInputs, _stack: Stack) -> bool | Violations:
    readers = graph.of(EVENT_SOURCE_MAPPING)

    def read(table: Inputs) -> bool:
        if not table.flag("streamEnabled") or table.has("replicas"):
            return True
        return any(table.urn in one.depends_on("eventSourceArn") or _reads(one, table) for one in readers)

    return every(graph.of(TABLE), read)


def _reads(mapping: Inputs, table: Inputs) -> bool:
    try:
        return mapping.text("eventSourceArn") in names_of(table, "streamArn")
    except UnknownPropertyError:
        return False


dynamodb_ttl = ResourceRule(
    name="dynamodb-ttl",
    description="DynamoDB tables have TTL enabled",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    types=(TABLE,),
    message=f"ttl is off or its attributeName is not {_EXPIRY}, so expired records stay; set ttl.enabled and "
    "ttl.attributeName",
    check=lambda table, _: table.flag("ttl.enabled") and table.text("ttl.attributeName") == _EXPIRY,
)

function_data_own = StackRule(
    name="function-data-own",
    description="Functions use tables and buckets of the same stack",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    checks={
        "an environment variable that ends in _TABLE names no table of this stack; take it from the table": (
            _variables_name_resources_of_stack("_TABLE", TABLE)
        ),
        "an environment variable that ends in _BUCKET names no bucket of this stack; take it from the bucket": (
            _variables_name_resources_of_stack("_BUCKET", BUCKET)
        ),
    },
)

dynamodb_stream_read = StackRule(
    name="dynamodb-stream-read",
    description="DynamoDB streams have an event source mapping",
    severity=Severity.LOW,
    levels=Levels.WARNS,
    message="streamEnabled is true, and no event source mapping of this stack reads the stream; turn it off, or add "
    "the reader",
    check=_stream_is_read,
)

dynamodb_scales = StackRule(
    name="dynamodb-scales",
    description="DynamoDB tables are on demand, or have auto scaling",
    severity=Severity.MEDIUM,
    levels=Levels.REPORTED,
    controls=controls("FSBP: DynamoDB.1; CHECKOV: CKV2_AWS_16; GUARD: dynamodb_billing_mode_rule"),
    message="billingMode is PROVISIONED without a scaling target; set it to PAY_PER_REQUEST",
    check=for_each(TABLE)(
        lambda table, graph, _: (
            table.text("billingMode", "PROVISIONED") == "PAY_PER_REQUEST"
            or bool(graph.using(table, SCALING_TARGET, by="resourceId"))
        )
    ),
)
