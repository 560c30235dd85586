"""The environment variables of a worker: the function's and those that Lambda reserves, none of the parent's."""

import sys
from pathlib import Path

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.runtime.function import FunctionVersion


def worker_environment(
    version: FunctionVersion,
    connection: AwsConnection,
    *,
    runtime_api: str,
    log_stream: str,
    code: Path,
    runtime_client: Path,
) -> dict[str, str]:
    """Return the environment of a worker, with its role's connection. A function may override only the defaults."""
    defaults = {
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
        "LANG": "en_US.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TZ": ":UTC",
    }
    reserved = {
        **connection.environment,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info.major}.{sys.version_info.minor}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(version.memory_mb),
        "AWS_LAMBDA_FUNCTION_NAME": version.name,
        "AWS_LAMBDA_FUNCTION_VERSION": version.version,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": "JSON" if version.json_logs else "Text",
        "AWS_LAMBDA_LOG_GROUP_NAME": version.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "LAMBDA_RUNTIME_DIR": str(runtime_client),
        "LAMBDA_TASK_ROOT": str(code),
        "PYTHONPATH": str(runtime_client),
        "_AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1",
        "_AWS_XRAY_DAEMON_PORT": "2000",
        "_HANDLER": version.handler,
    }
    if version.log_level:
        reserved["AWS_LAMBDA_LOG_LEVEL"] = version.log_level
    return {**defaults, **dict(version.variables), **reserved}
