"""Resource types of API Gateway REST APIs."""

from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs, generated_id
from toolkit.resource_types.record import FREE_PERMISSION, FREE_REFERENCE, HOLDS_NOTHING, ResourceType

METHOD_SETTINGS = "aws:apigateway/methodSettings:MethodSettings"
REST_AUTHORIZER = "aws:apigateway/authorizer:Authorizer"
REST_INTEGRATION = "aws:apigateway/integration:Integration"
REST_STAGE = "aws:apigateway/stage:Stage"


def _rest_api(new: NewResource) -> PreviewOutputs:
    identity = new.token(10)
    return PreviewOutputs(
        identity,
        {
            "name": new.named(),
            "arn": new.arn("apigateway", f"/restapis/{identity}", account=False),
            "executionArn": new.arn("execute-api", identity),
            "rootResourceId": new.token(10, "root"),
        },
    )


def _rest_stage(new: NewResource) -> PreviewOutputs:
    api, name = str(new.inputs["restApi"]), str(new.inputs["stageName"])
    outputs = {
        "arn": new.arn("apigateway", f"/restapis/{api}/stages/{name}", account=False),
        "executionArn": new.arn("execute-api", f"{api}/{name}"),
        "invokeUrl": f"https://{api}.execute-api.{new.region}.{new.place.dns_suffix}/{name}",
    }
    return PreviewOutputs(f"ags-{api}-{name}", outputs)


TYPES = (
    ResourceType("aws:apigateway/account:Account", free=FREE_REFERENCE),
    ResourceType("aws:apigateway/apiKey:ApiKey", free=FREE_REFERENCE),
    ResourceType(REST_AUTHORIZER, free="a JWT authorizer is free; a Lambda authorizer is priced at its function"),
    ResourceType("aws:apigateway/basePathMapping:BasePathMapping", free=FREE_REFERENCE),
    ResourceType("aws:apigateway/deployment:Deployment", preview=generated_id, free=FREE_REFERENCE),
    ResourceType(
        "aws:apigateway/domainName:DomainName", free="a custom domain name is free; its hosted zone is priced"
    ),
    ResourceType(REST_INTEGRATION, free="requests are priced at the stage and the function"),
    ResourceType("aws:apigateway/integrationResponse:IntegrationResponse", free=FREE_REFERENCE),
    ResourceType("aws:apigateway/method:Method", free=FREE_REFERENCE),
    ResourceType("aws:apigateway/methodResponse:MethodResponse", free=FREE_REFERENCE),
    ResourceType(METHOD_SETTINGS, free=FREE_REFERENCE),
    ResourceType("aws:apigateway/model:Model", free=FREE_REFERENCE),
    ResourceType("aws:apigateway/requestValidator:RequestValidator", free=FREE_REFERENCE),
    ResourceType("aws:apigateway/resource:Resource", free=FREE_REFERENCE),
    ResourceType("aws:apigateway/response:Response", free=FREE_REFERENCE),
    ResourceType("aws:apigateway/restApi:RestApi", preview=_rest_api, free="requests are priced at the stage"),
    ResourceType("aws:apigateway/restApiPolicy:RestApiPolicy", free=FREE_PERMISSION),
    ResourceType(REST_STAGE, preview=_rest_stage),
    ResourceType("aws:apigateway/usagePlan:UsagePlan", data=HOLDS_NOTHING, free=FREE_REFERENCE),
    ResourceType("aws:apigateway/usagePlanKey:UsagePlanKey", free=FREE_REFERENCE),
)
