"""The Lambda of this machine: runs the deployed zip under AWS's own runtime client, behind the Lambda Runtime API."""

from localcloud.runtime.function import FunctionVersion as FunctionVersion
from localcloud.runtime.invocation import Invocation as Invocation
from localcloud.runtime.invocation import InvokeError as InvokeError
from localcloud.runtime.invocation import new_trace_id as new_trace_id
from localcloud.runtime.lambda_runtime import LambdaRuntime as LambdaRuntime
