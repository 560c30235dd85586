"""A pack of two rules of its own."""

from pathlib import Path

from toolkit.policy.pack import Pack, ReviewLimits
from toolkit.policy.rule import Levels, ResourceRule, Severity, StackRule, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.lambda_ import FUNCTION
from toolkit.resource_types.sqs import QUEUE
from toolkit.stacks.inputs import Inputs, StackInputs
from toolkit.stacks.settings import ENVIRONMENTS


@for_each(QUEUE)
def _keeps_messages(queue: Inputs, _graph: StackInputs, _stack: Stack) -> bool:
    return queue.has("redrivePolicy") or queue.number("messageRetentionSeconds", default=345_600) >= 1_209_600


PACK = Pack(
    name="readings-api",
    folder=Path(__file__).resolve().parent,
    rules=(
        ResourceRule(
            name="function-timeout",
            description="Functions have a timeout of 30 seconds or less",
            severity=Severity.MEDIUM,
            levels=Levels.BLOCKS,
            types=(FUNCTION,),
            message="timeout is above 30; lower it",
            check=lambda function, _: function.number("timeout", default=3) <= 30,
        ),
        StackRule(
            name="queue-keeps-messages",
            description="Queues have a dead-letter queue or keep messages for 14 days",
            severity=Severity.HIGH,
            levels=Levels.WARNS_THEN_BLOCKS,
            message="neither redrivePolicy nor messageRetentionSeconds of 1209600 is set; set one",
            check=_keeps_messages,
        ),
    ),
    coverage_rule="function-timeout",
    bounds=dict.fromkeys(ENVIRONMENTS),
    settings={},
    review_limits=dict.fromkeys(ENVIRONMENTS, ReviewLimits(None, None)),
)
