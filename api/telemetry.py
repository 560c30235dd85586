"""Structured logs, domain metrics and traces, through Powertools for AWS Lambda."""

import logging
import os
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import Any

from aws_lambda_powertools import Logger, Metrics, single_metric
from aws_lambda_powertools.metrics import MetricUnit

from api.definition import NAME

Handler = Callable[[Any, Any], Any]

logger = Logger(serialize_stacktrace=False)
"""JSON lines with service, request id and trace id. Never log a token, a body or a secret."""
if _log_level := os.environ.get("POWERTOOLS_LOG_LEVEL"):
    # Powertools prefers AWS_LAMBDA_LOG_LEVEL, which stays at INFO: above it Lambda would drop the metrics.
    logging.getLogger(logger.name).setLevel(_log_level)
for _library in ("mangum", "botocore", "urllib3"):
    # Lambda keeps the lines of every logger: Mangum writes one per request, botocore at DEBUG bodies and credentials.
    logging.getLogger(_library).setLevel(max(logging.WARNING, logging.root.level))
_NAMESPACE = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", NAME)
_metrics = Metrics(namespace=_NAMESPACE)


def count(metric: str, value: int = 1) -> None:
    """Count events as a CloudWatch metric, through the log."""
    _metrics.add_metric(metric, MetricUnit.Count, value)
    _metrics.flush_metrics()


def count_server_error() -> None:
    """Count a response with status 500, per function and per version; Lambda does not count it as an error.

    The alarms in infrastructure/components/alarms.py use both.
    """
    function = os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "unknown")
    version = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION", "unknown")
    for dimensions in ({"FunctionName": function}, {"FunctionName": function, "ExecutedVersion": version}):
        with single_metric(
            name="ServerErrors", unit=MetricUnit.Count, value=1, namespace=_NAMESPACE, default_dimensions=dimensions
        ):
            pass


def traced(handler: Handler) -> Handler:
    """Return the handler with an X-Ray subsegment for sampled invocations; others do not load the SDK."""

    def invoke(event: Any, context: Any) -> Any:
        if "Sampled=1" in os.environ.get("_X_AMZN_TRACE_ID", "") and (tracer := _tracer()) is not None:
            with tracer.provider.in_subsegment(name="## handler"):
                return handler(event, context)
        return handler(event, context)

    return invoke


@cache
def _tracer() -> Any | None:
    """Return Powertools' tracer with AWS calls as subsegments; None without the X-Ray SDK or its daemon."""
    if "AWS_XRAY_DAEMON_ADDRESS" not in os.environ or find_spec("aws_xray_sdk") is None:
        return None
    from aws_lambda_powertools import Tracer

    return Tracer(patch_modules=["botocore"])
