"""What each AWS service asks money for."""

from collections.abc import Mapping

from toolkit.cost.demand import Service
from toolkit.cost.services import (
    account,
    apis,
    edge,
    functions,
    identity,
    keys,
    logs,
    messaging,
    metrics,
    network,
    storage,
    tables,
)

SERVICES: Mapping[str, Service] = {
    **account.SERVICES,
    **apis.SERVICES,
    **edge.SERVICES,
    **functions.SERVICES,
    **identity.SERVICES,
    **keys.SERVICES,
    **logs.SERVICES,
    **messaging.SERVICES,
    **metrics.SERVICES,
    **network.SERVICES,
    **storage.SERVICES,
    **tables.SERVICES,
}
"""By type of resource, what it asks for."""
