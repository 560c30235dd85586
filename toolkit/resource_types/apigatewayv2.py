"""Resource types of API Gateway HTTP and WebSocket APIs."""

from toolkit.resource_types.automatic_names import NameForm
from toolkit.resource_types.outputs.new_resource import NewResource, PreviewOutputs, generated_id
from toolkit.resource_types.permissions import Permissions
from toolkit.resource_types.record import FREE_REFERENCE, HOLDS_NOTHING, ResourceType

API = "aws:apigatewayv2/api:Api"
API_MAPPING = "aws:apigatewayv2/apiMapping:ApiMapping"
AUTHORIZER = "aws:apigatewayv2/authorizer:Authorizer"
DOMAIN_NAME = "aws:apigatewayv2/domainName:DomainName"
INTEGRATION = "aws:apigatewayv2/integration:Integration"
ROUTE = "aws:apigatewayv2/route:Route"
STAGE = "aws:apigatewayv2/stage:Stage"

_APIS = (
    "arn:aws:apigateway:{region}::/apis",
    "arn:aws:apigateway:{region}::/apis/*",
    "arn:aws:apigateway:{region}::/domainnames",
    "arn:aws:apigateway:{region}::/domainnames/*",
    "arn:aws:apigateway:{region}::/tags/*",
)

_IN_API = Permissions(on=_APIS, create="POST PUT", update="PATCH PUT", delete="DELETE", read="GET")


def _api(new: NewResource) -> PreviewOutputs:
    identity = new.token(10)
    return PreviewOutputs(
        identity,
        {
            "name": new.named(),
            "apiEndpoint": f"https://{identity}.execute-api.{new.region}.amazonaws.com",
            "arn": new.arn("apigateway", f"/apis/{identity}", account=False),
            "executionArn": new.arn("execute-api", identity),
        },
    )


def _domain_name(new: NewResource) -> PreviewOutputs:
    name = str(new.inputs["domainName"])
    target = f"d-{new.token(10)}.execute-api.{new.region}.amazonaws.com"
    computed = {"targetDomainName": target, "hostedZoneId": f"Z{new.token(13, 'zone').upper()}"}
    return PreviewOutputs(
        name,
        {
            "arn": new.arn("apigateway", f"/domainnames/{name}", account=False),
            "domainNameConfiguration": {**new.inputs["domainNameConfiguration"], **computed},
        },
    )


def _stage(new: NewResource) -> PreviewOutputs:
    api, name = new.inputs["apiId"], new.named()
    path = "" if name == "$default" else name
    return PreviewOutputs(
        name,
        {
            "name": name,
            "arn": new.arn("apigateway", f"/apis/{api}/stages/{name}", account=False),
            "executionArn": new.arn("execute-api", f"{api}/{name}"),
            "invokeUrl": f"https://{api}.execute-api.{new.region}.amazonaws.com/{path}",
        },
    )


TYPES = (
    ResourceType(
        API,
        name=NameForm(128),
        replaced_by=("credentialsArn", "protocolType", "routeKey", "target"),
        data=HOLDS_NOTHING,
        preview=_api,
        permissions=_IN_API,
        free="requests are priced at the stage",
    ),
    ResourceType(
        API_MAPPING,
        replaced_by=("apiId", "domainName"),
        data=HOLDS_NOTHING,
        preview=generated_id,
        permissions=_IN_API,
        free=FREE_REFERENCE,
        no_rule="is evaluated with its API and stage",
    ),
    ResourceType(
        AUTHORIZER,
        name=NameForm(128),
        replaced_by=("apiId",),
        data=HOLDS_NOTHING,
        preview=generated_id,
        permissions=_IN_API,
        free="a JWT authorizer is free; a Lambda authorizer is priced at its function",
    ),
    ResourceType("aws:apigatewayv2/deployment:Deployment", free=FREE_REFERENCE),
    ResourceType(
        DOMAIN_NAME,
        replaced_by=("domainName",),
        data=HOLDS_NOTHING,
        preview=_domain_name,
        permissions=_IN_API,
        free="a custom domain name is free; its hosted zone is priced",
    ),
    ResourceType(
        INTEGRATION,
        replaced_by=("apiId", "integrationSubtype", "integrationType"),
        data=HOLDS_NOTHING,
        preview=generated_id,
        permissions=_IN_API,
        free="requests are priced at the stage and the function",
    ),
    ResourceType("aws:apigatewayv2/integrationResponse:IntegrationResponse", free=FREE_REFERENCE),
    ResourceType("aws:apigatewayv2/model:Model", free=FREE_REFERENCE),
    ResourceType(
        ROUTE,
        replaced_by=("apiId",),
        data=HOLDS_NOTHING,
        preview=generated_id,
        permissions=_IN_API,
        free=FREE_REFERENCE,
    ),
    ResourceType("aws:apigatewayv2/routeResponse:RouteResponse", free=FREE_REFERENCE),
    ResourceType(
        STAGE,
        name=NameForm(128),
        replaced_by=("apiId", "name"),
        data=HOLDS_NOTHING,
        preview=_stage,
        permissions=Permissions(
            on=_APIS,
            # A stage with tags needs TagResource, which AWS's reference does not list
            # (github.com/aws-amplify/amplify-cli issue 12316; the handlers of AWS::ApiGatewayV2::Stage).
            create="POST PUT TagResource",
            update="PATCH PUT TagResource UntagResource",
            delete="DELETE",
            read="GET",
            # Access logs: API Gateway creates their delivery on behalf of the caller.
            change_anywhere="logs:CreateLogDelivery logs:UpdateLogDelivery logs:PutResourcePolicy",
            delete_anywhere="logs:DeleteLogDelivery",
            read_anywhere=(
                "logs:GetLogDelivery logs:ListLogDeliveries logs:DescribeResourcePolicies logs:DescribeLogGroups"
            ),
        ),
    ),
)
