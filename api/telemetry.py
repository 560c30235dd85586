"""Structured logs, domain metrics and traces, through Powertools for AWS Lambda."""

import logging
import os
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import Any

from aws_lambda_powertools import Logger, Metrics, single_metric
from aws_lambda_powertools.metrics import MetricUnit

Handler = Callable[[Any, Any], Any]

logger = Logger(serialize_stacktrace=False)
"""JSON lines with service, request id and trace id; never given a token, a body or a secret."""
if _lowest := os.environ.get("POWERTOOLS_LOG_LEVEL"):
    # Powertools prefers AWS_LAMBDA_LOG_LEVEL, which stays at INFO: above it Lambda itself would drop the metrics.
    logging.getLogger(logger.name).setLevel(_lowest)
for _library in ("mangum", "botocore", "urllib3"):
    # On AWS every logger's lines are kept: Mangum writes one a request, and botocore at DEBUG bodies and credentials.
    logging.getLogger(_library).setLevel(max(logging.WARNING, logging.root.level))
_NAMESPACE = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", "items-api")
_metrics = Metrics(namespace=_NAMESPACE)


def count(metric: str) -> None:
    """Count one occurrence of something that matters to the service, as a CloudWatch metric in the log."""
    _metrics.add_metric(metric, MetricUnit.Count, 1)
    _metrics.flush_metrics()


def count_server_error() -> None:
    """Count a response with status 500, which is no error for Lambda, by function and by function and version.

    The alarms of the stack watch both: infrastructure/components/alarms.py.
    """
    function = os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "unknown")
    version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION", "unknown")
    for dimensions in ({"FunctionName": function}, {"FunctionName": function, "ExecutedVersion": version}):
        with single_metric(
            name="ServerErrors", unit=MetricUnit.Count, value=1, namespace=_NAMESPACE, default_dimensions=dimensions
        ):
            pass


def traced(handler: Handler) -> Handler:
    """The handler, drawn in X-Ray whenever AWS sampled the invocation; the other invocations never load the SDK."""

    def invoke(event: Any, context: Any) -> Any:
        if "Sampled=1" in os.environ.get("_X_AMZN_TRACE_ID", "") and (tracer := _tracer()) is not None:
            with tracer.provider.in_subsegment(name="## handler"):
                return handler(event, context)
        return handler(event, context)

    return invoke


@cache
def _tracer() -> Any | None:
    """Powertools' tracer with DynamoDB and S3 calls drawn in, or None where the X-Ray SDK or its daemon is missing."""
    if "AWS_XRAY_DAEMON_ADDRESS" not in os.environ or find_spec("aws_xray_sdk") is None:
        return None
    from aws_lambda_powertools import Tracer

    return Tracer(patch_modules=["botocore"])
