"""The HTTP API of this machine: answers as API Gateway does what the embedded API Gateway was told."""

from localcloud.gateway.front import Gateway as Gateway
from localcloud.gateway.front import create_gateway as create_gateway
from localcloud.gateway.http_api import HttpApiError as HttpApiError
from localcloud.gateway.lambda_integration import FunctionInvoker as FunctionInvoker
