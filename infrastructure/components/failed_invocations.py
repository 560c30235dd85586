"""What Lambda does with an asynchronous invocation that fails."""

from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

_RETRIES = 2
_ONE_HOUR = 3600


@dataclass(frozen=True, kw_only=True)
class FailedInvocationsArgs:
    """The alias of the function, and its dead-letter queue."""

    function_name: pulumi.Output[str]
    alias: pulumi.Output[str]
    dead_letters_arn: pulumi.Output[str]


@final
class FailedInvocations(pulumi.ComponentResource):
    """Two more attempts within an hour, then the event goes to the dead-letter queue.

    Creates: aws.lambda_.FunctionEventInvokeConfig.
    """

    def __init__(self, name: str, args: FailedInvocationsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:events:FailedInvocations", name, None, opts)
        aws.lambda_.FunctionEventInvokeConfig(
            f"{name}-failures",
            function_name=args.function_name,
            qualifier=args.alias,
            maximum_retry_attempts=_RETRIES,
            maximum_event_age_in_seconds=_ONE_HOUR,
            destination_config={"on_failure": {"destination": args.dead_letters_arn}},
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
