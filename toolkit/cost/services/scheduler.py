"""The charges of schedules: each invocation of a target."""

from toolkit.cost.callers import calls_of_schedule
from toolkit.cost.demand import Demand, Demands, Gap, Quantity
from toolkit.cost.traffic import Traffic
from toolkit.resource_types.scheduler import SCHEDULE
from toolkit.stacks.inputs import Inputs


def meter_schedule(schedule: Inputs, traffic: Traffic) -> Demands:
    """Meter the invocations that the expression asks for; in the worst month each is tried again."""
    calls = calls_of_schedule(traffic.graph, schedule)
    if calls is None:
        yield Gap(schedule, "its scheduleExpression is not read, so its invocations are unknown")
        return
    how = f"{schedule.text('scheduleExpression')} = {calls.expected:,.0f} invocations"
    yield Demand(schedule, "scheduler-invocations", Quantity(calls.expected, how), Quantity(calls.most, calls.how))


SERVICES = {SCHEDULE: meter_schedule}
