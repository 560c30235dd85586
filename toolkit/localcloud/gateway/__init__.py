"""The HTTP API of this machine: answers as API Gateway does what the embedded API Gateway was told."""

from toolkit.localcloud.gateway.application import Gateway as Gateway
from toolkit.localcloud.gateway.application import create_gateway as create_gateway
from toolkit.localcloud.gateway.http_api import HttpApiError as HttpApiError
from toolkit.localcloud.gateway.lambda_integration import FunctionInvoker as FunctionInvoker
