"""Rules on tables and buckets that functions use: which they are, what expires, what reads their streams."""

from collections.abc import Iterator

from toolkit.policy.rule import BLOCKS, WARNS, WARNS_THEN_BLOCKS, Severity, StackCheck, StackRule
from toolkit.policy.stack import Stack
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.lambda_ import EVENT_SOURCE_MAPPING, FUNCTION
from toolkit.resource_types.s3 import BUCKET
from toolkit.stacks.facts import Broken, Facts, GraphFacts, UnknownPropertyError, every
from toolkit.stacks.references import known_text, names_of, referred_to

_VARIABLES = "environment.variables"
_NAMES = ("name", "bucket")
_EXPIRING = frozenset({"ITEM_TABLE", "SESSION_TABLE"})
"""The variables that name the tables whose records expire."""
_EXPIRY = "expires_at"
"""The attribute in which the service writes the time."""


def _used(graph: GraphFacts, function: Facts, suffix: str, type_: str) -> Iterator[tuple[str, tuple[Facts, ...]]]:
    """Yield each variable of the function that names a table or bucket, with the resource that it names."""
    for variable in function.keys(_VARIABLES):
        if variable.endswith(suffix):
            value = known_text(function, f"{_VARIABLES}.{variable}")
            yield variable, referred_to(function, "environment", value, graph.of(type_), *_NAMES)


def _uses_own(suffix: str, type_: str) -> StackCheck:
    def check(graph: GraphFacts, _stack: Stack) -> bool | Broken:
        return every(graph.of(FUNCTION), lambda one: all(found for _, found in _used(graph, one, suffix, type_)))

    return check


def _expires(table: Facts) -> bool:
    return table.flag("ttl.enabled") and table.text("ttl.attributeName") == _EXPIRY


def _records_expire(graph: GraphFacts, _stack: Stack) -> bool | Broken:
    tables = {
        table.urn: table
        for function in graph.of(FUNCTION)
        for variable, found in _used(graph, function, "_TABLE", TABLE)
        if variable in _EXPIRING
        for table in found
    }
    return every(tables.values(), _expires)


def _stream_is_read(graph: GraphFacts, _stack: Stack) -> bool | Broken:
    readers = graph.of(EVENT_SOURCE_MAPPING)

    def read(table: Facts) -> bool:
        if not table.flag("streamEnabled") or table.has("replicas"):
            return True
        return any(table.urn in one.depends_on("eventSourceArn") or _reads(one, table) for one in readers)

    return every(graph.of(TABLE), read)


def _reads(mapping: Facts, table: Facts) -> bool:
    try:
        return mapping.text("eventSourceArn") in names_of(table, "streamArn")
    except UnknownPropertyError:
        return False


dynamodb_ttl = StackRule(
    name="dynamodb-ttl",
    says="DynamoDB TTL deletes sessions and other records that expire.",
    severity=Severity.MEDIUM,
    levels=WARNS_THEN_BLOCKS,
    checks={
        f"ttl is off or its attributeName is not {_EXPIRY}, so expired records stay; set ttl.enabled and "
        "ttl.attributeName": _records_expire
    },
)

function_data_own = StackRule(
    name="function-data-own",
    says="Functions use tables and buckets of their own stack.",
    severity=Severity.HIGH,
    levels=BLOCKS,
    checks={
        "an environment variable that ends in _TABLE names no table of this stack; take it from the table": (
            _uses_own("_TABLE", TABLE)
        ),
        "an environment variable that ends in _BUCKET names no bucket of this stack; take it from the bucket": (
            _uses_own("_BUCKET", BUCKET)
        ),
    },
)

dynamodb_stream_read = StackRule(
    name="dynamodb-stream-read",
    says="Streams of tables have a reader.",
    severity=Severity.LOW,
    levels=WARNS,
    checks={
        "streamEnabled is true, and no event source mapping of this stack reads the stream; turn it off, or add the "
        "reader": _stream_is_read
    },
)

RULES = (dynamodb_ttl, function_data_own, dynamodb_stream_read)
