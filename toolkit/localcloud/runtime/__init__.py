"""The Lambda runtime: runs the deployed zip with AWS's runtime client, behind the Lambda Runtime API."""

from toolkit.localcloud.runtime.function import FunctionVersion as FunctionVersion
from toolkit.localcloud.runtime.invocation import Invocation as Invocation
from toolkit.localcloud.runtime.invocation import InvokeError as InvokeError
from toolkit.localcloud.runtime.invocation import new_trace_id as new_trace_id
from toolkit.localcloud.runtime.lambda_runtime import LambdaRuntime as LambdaRuntime
