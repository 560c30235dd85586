"""The HTTP API gateway: serves the API that the embedded API Gateway defines, as API Gateway does."""

from toolkit.localcloud.gateway.application import Gateway as Gateway
from toolkit.localcloud.gateway.application import create_gateway as create_gateway
from toolkit.localcloud.gateway.http_api import HttpApiError as HttpApiError
from toolkit.localcloud.gateway.lambda_integration import FunctionInvoker as FunctionInvoker
