"""Calls for what stands before the function: names, certificates, the edge, the API, the sign-in."""

from collections.abc import Mapping

from infrastructure.bootstrap.actions.row import HERE, Actions

_API = (
    "arn:aws:apigateway:{region}::/apis",
    "arn:aws:apigateway:{region}::/apis/*",
    "arn:aws:apigateway:{region}::/domainnames",
    "arn:aws:apigateway:{region}::/domainnames/*",
    "arn:aws:apigateway:{region}::/tags/*",
)
_CERTIFICATE = ("arn:aws:acm:*:{account}:certificate/*",)
DISTRIBUTION = ("arn:aws:cloudfront::{account}:distribution/*",)
_FIREWALL = tuple(f"arn:aws:wafv2:us-east-1:{{account}}:global/{kind}/*" for kind in ("webacl", "managedruleset"))
_POOL = (f"arn:aws:cognito-idp:{HERE}:userpool/*",)


def _api() -> Actions:
    return Actions(service="apigateway", on=_API, create="POST PUT", update="PATCH PUT", delete="DELETE", read="GET")


def _of_pool(what: str, look: str) -> Actions:
    return Actions(
        service="cognito-idp",
        on=_POOL,
        create=f"Create{what}",
        update=f"Update{what}",
        delete=f"Delete{what}",
        read=look,
    )


BY_TYPE: Mapping[str, Actions] = {
    "aws:acm/certificate:Certificate": Actions(
        service="acm",
        on=_CERTIFICATE,
        update="UpdateCertificateOptions AddTagsToCertificate RemoveTagsFromCertificate",
        delete="DeleteCertificate",
        read="DescribeCertificate ListTagsForCertificate",
        change_anywhere="RequestCertificate",
    ),
    "aws:acm/certificateValidation:CertificateValidation": Actions(
        service="acm", on=_CERTIFICATE, read="DescribeCertificate"
    ),
    "aws:apigatewayv2/api:Api": _api(),
    "aws:apigatewayv2/apiMapping:ApiMapping": _api(),
    "aws:apigatewayv2/authorizer:Authorizer": _api(),
    "aws:apigatewayv2/domainName:DomainName": _api(),
    "aws:apigatewayv2/integration:Integration": _api(),
    "aws:apigatewayv2/route:Route": _api(),
    "aws:apigatewayv2/stage:Stage": Actions(
        service="apigateway",
        on=_API,
        # A stage with tags needs TagResource, which AWS's reference does not list (github.com/aws-amplify/amplify-cli
        # issue 12316; the handlers of AWS::ApiGatewayV2::Stage).
        create="POST PUT TagResource",
        update="PATCH PUT TagResource UntagResource",
        delete="DELETE",
        read="GET",
        # Access logs: API Gateway sets up their delivery in its caller's name.
        change_anywhere="logs:CreateLogDelivery logs:UpdateLogDelivery logs:PutResourcePolicy",
        delete_anywhere="logs:DeleteLogDelivery",
        read_anywhere="logs:GetLogDelivery logs:ListLogDeliveries logs:DescribeResourcePolicies logs:DescribeLogGroups",
    ),
    "aws:cloudfront/distribution:Distribution": Actions(
        service="cloudfront",
        on=DISTRIBUTION,
        create="TagResource",
        update="UpdateDistribution UntagResource",
        delete="DeleteDistribution",
        read="GetDistribution GetDistributionConfig ListTagsForResource",
        change_anywhere="CreateDistribution",
    ),
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": Actions(
        service="cloudfront",
        on=("arn:aws:cloudfront::{account}:response-headers-policy/*",),
        update="UpdateResponseHeadersPolicy",
        delete="DeleteResponseHeadersPolicy",
        read="GetResponseHeadersPolicy",
        change_anywhere="CreateResponseHeadersPolicy",
    ),
    "aws:cognito/resourceServer:ResourceServer": _of_pool("ResourceServer", "DescribeResourceServer"),
    "aws:cognito/userGroup:UserGroup": _of_pool("Group", "GetGroup"),
    "aws:cognito/userPool:UserPool": Actions(
        service="cognito-idp",
        on=_POOL,
        update="UpdateUserPool SetUserPoolMfaConfig AddCustomAttributes TagResource UntagResource",
        delete="DeleteUserPool",
        read="DescribeUserPool GetUserPoolMfaConfig ListTagsForResource",
        change_anywhere="CreateUserPool",
    ),
    "aws:cognito/userPoolClient:UserPoolClient": _of_pool("UserPoolClient", "DescribeUserPoolClient"),
    "aws:cognito/userPoolDomain:UserPoolDomain": Actions(
        service="cognito-idp",
        on=_POOL,
        create="CreateUserPoolDomain",
        update="UpdateUserPoolDomain",
        delete="DeleteUserPoolDomain",
        read_anywhere="DescribeUserPoolDomain",
    ),
    "aws:route53/record:Record": Actions(
        service="route53",
        on=("arn:aws:route53:::hostedzone/*", "arn:aws:route53:::change/*"),
        create="ChangeResourceRecordSets",
        update="ChangeResourceRecordSets",
        delete="ChangeResourceRecordSets",
        read="ListResourceRecordSets GetHostedZone GetChange",
    ),
    "aws:wafv2/webAcl:WebAcl": Actions(
        service="wafv2",
        on=_FIREWALL,
        create="CreateWebACL TagResource",
        update="UpdateWebACL UntagResource",
        delete="DeleteWebACL",
        read="GetWebACL ListTagsForResource",
    ),
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": Actions(
        service="wafv2",
        on=_FIREWALL,
        create="PutLoggingConfiguration",
        update="PutLoggingConfiguration",
        delete="DeleteLoggingConfiguration",
        read="GetLoggingConfiguration",
        change_anywhere="logs:CreateLogDelivery logs:PutResourcePolicy",
        delete_anywhere="logs:DeleteLogDelivery",
        read_anywhere="logs:DescribeResourcePolicies logs:DescribeLogGroups",
    ),
}
