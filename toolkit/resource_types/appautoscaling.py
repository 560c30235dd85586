"""Resource types of Application Auto Scaling."""

from toolkit.resource_types.record import HOLDS_NOTHING, ResourceType

SCALING_TARGET = "aws:appautoscaling/target:Target"


TYPES = (
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
)
