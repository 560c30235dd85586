"""Resource types of API Gateway HTTP and WebSocket APIs."""

API = "aws:apigatewayv2/api:Api"
API_MAPPING = "aws:apigatewayv2/apiMapping:ApiMapping"
AUTHORIZER = "aws:apigatewayv2/authorizer:Authorizer"
DOMAIN_NAME = "aws:apigatewayv2/domainName:DomainName"
INTEGRATION = "aws:apigatewayv2/integration:Integration"
ROUTE = "aws:apigatewayv2/route:Route"
STAGE = "aws:apigatewayv2/stage:Stage"
