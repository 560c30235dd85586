"""The batches of messages or changes that Lambda reads for a function."""

from dataclasses import dataclass
from typing import final

import pulumi
import pulumi_aws as aws

_ONE_HOUR = 3600
_STREAM_ATTEMPTS = 3


@dataclass(frozen=True, kw_only=True)
class EventSourceArgs:
    """The queue or the stream, and the alias of the function."""

    source_arn: pulumi.Input[str]
    alias_arn: pulumi.Output[str]
    batch_size: int
    concurrency: int
    """The most batches of a queue at once; within the reserved concurrency no batch is throttled."""
    stream_dead_letters_arn: pulumi.Output[str] | None = None
    """The queue for failed changes of a stream; a queue has its own redrive policy."""


@final
class EventSource(pulumi.ComponentResource):
    """Lambda invokes the function with batches; it returns which messages failed, and only those are repeated.

    Creates: aws.lambda_.EventSourceMapping.
    """

    def __init__(self, name: str, args: EventSourceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("items-api:events:EventSource", name, None, opts)
        stream = args.stream_dead_letters_arn
        on_failure: aws.lambda_.EventSourceMappingDestinationConfigArgsDict | None = (
            {"on_failure": {"destination_arn": stream}} if stream is not None else None
        )
        aws.lambda_.EventSourceMapping(
            f"{name}-events",
            event_source_arn=args.source_arn,
            function_name=args.alias_arn,
            batch_size=args.batch_size,
            function_response_types=["ReportBatchItemFailures"],
            # SQS accepts 2 or more: https://docs.aws.amazon.com/lambda/latest/api/API_ScalingConfig.html
            scaling_config={"maximum_concurrency": args.concurrency} if stream is None else None,
            starting_position=None if stream is None else "TRIM_HORIZON",
            bisect_batch_on_function_error=None if stream is None else True,
            maximum_retry_attempts=None if stream is None else _STREAM_ATTEMPTS,
            maximum_record_age_in_seconds=None if stream is None else _ONE_HOUR,
            destination_config=on_failure,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})
