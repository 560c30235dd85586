"""Resource types of API Gateway REST APIs."""

METHOD_SETTINGS = "aws:apigateway/methodSettings:MethodSettings"
REST_AUTHORIZER = "aws:apigateway/authorizer:Authorizer"
REST_INTEGRATION = "aws:apigateway/integration:Integration"
REST_STAGE = "aws:apigateway/stage:Stage"
