"""The check of a DynamoDB table's time to live."""

from collections.abc import Iterator

from toolkit.resource_types.data_loss.checks import Loss
from toolkit.resource_types.data_loss.values import Values, is_known


def no_new_time_to_live(values: Values) -> Iterator[Loss]:
    """Report time to live that is enabled, or that reads another attribute.

    DynamoDB deletes each record whose attribute holds a past time in seconds, within days:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html
    """
    was_on, is_on = values.pair("ttl", "enabled")
    was, now = values.pair("ttl", "attributeName")
    if not is_on or (was_on, was) == (is_on, now):
        return
    name = f"attribute {now}" if is_known(now) else "an attribute that the preview does not know"
    yield Loss(
        f"starts to delete records by the time in {name}",
        "every record with a past time in that attribute, existing records included",
    )
