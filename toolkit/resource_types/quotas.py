"""Quotas of AWS that a growing stack reaches, and values that AWS refuses whatever the quota.

A size is in bytes; IAM does not count white space:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html.
"""

import re
from collections.abc import Mapping
from typing import Any

# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
ENVIRONMENT_BYTES = 4096
LAYERS = 5
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
RESERVED_VARIABLES = frozenset(
    {
        *("_HANDLER", "_X_AMZN_TRACE_ID", "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT"),
        *("AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
        *("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_RUNTIME_API"),
        *("AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION"),
        *("AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME"),
    }
)
VARIABLE_NAME = re.compile(r"[a-zA-Z]\w+", re.ASCII)

INLINE_POLICIES_BYTES = 10_240  # of all inline policies of a role
MANAGED_POLICY_BYTES = 6144
MANAGED_POLICIES = 10  # of a role; AWS raises it up to 25
TRUST_POLICY_BYTES = 2048  # AWS raises it up to 4096

# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
INDEXES_OF_A_TABLE = 20  # global secondary ones; AWS raises it

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
QUEUE_POLICY_BYTES = 8192
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
BUCKET_POLICY_BYTES = 20_480
# https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
KEY_POLICY_BYTES = 32_768

# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
ROUTES = 300  # AWS raises it
INTEGRATIONS = 300
AUTHORIZERS = 10  # AWS raises it
STAGES = 10  # AWS raises it
AUDIENCES = 50
SCOPES_OF_A_ROUTE = 10
ACCESS_LOG_FORMAT_BYTES = 3072

# https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
CALLBACK_URLS = 100
SCOPES_OF_A_CLIENT = 50
SCOPES_OF_A_SERVER = 100


def environment_bytes(variables: Mapping[str, Any]) -> int:
    """Return the size of environment variables as Lambda counts them; a value that is no text counts as empty."""
    values = [value for value in variables.values() if isinstance(value, str)]
    return sum(len(text.encode()) for text in (*variables, *values))


def policy_bytes(document: str) -> int:
    """Return the size of a policy as IAM counts it."""
    return len(re.sub(r"\s", "", document).encode())
