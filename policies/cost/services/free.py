"""Types of resources that cost nothing, and why."""

from collections.abc import Mapping

_NAMES = "only names or connects what is priced elsewhere"
_RULES = "says what may be done; AWS asks nothing for it"
_BEHAVIOUR = "says how the bucket behaves; the bucket is priced"

FREE: Mapping[str, str] = {
    "aws:acm/certificate:Certificate": "AWS gives public certificates away",
    "aws:acm/certificateValidation:CertificateValidation": "waits for a certificate, which is free",
    "aws:apigatewayv2/api:Api": "asks by the request, at its stage",
    "aws:apigatewayv2/apiMapping:ApiMapping": _NAMES,
    "aws:apigatewayv2/authorizer:Authorizer": "checks tokens by itself; one that calls a function is priced there",
    "aws:apigatewayv2/deployment:Deployment": _NAMES,
    "aws:apigatewayv2/domainName:DomainName": "a name of an HTTP API costs nothing beyond its zone",
    "aws:apigatewayv2/integration:Integration": "passes requests on, which are priced at stage and function",
    "aws:apigatewayv2/route:Route": _NAMES,
    "aws:budgets/budget:Budget": "watching and telling is free; only a budget that acts costs",
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": "headers are part of the distribution",
    "aws:cloudtrail/trail:Trail": "the first copy of management events is free, and a rule allows no second",
    "aws:cloudwatch/logDelivery:LogDelivery": "what it delivers is priced at the log group",
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": "what it takes is priced at the log group",
    "aws:cloudwatch/logDeliverySource:LogDeliverySource": "what it gives is priced at the log group",
    "aws:codedeploy/application:Application": "CodeDeploy is free for Lambda",
    "aws:codedeploy/deploymentGroup:DeploymentGroup": "CodeDeploy is free for Lambda",
    "aws:cognito/resourceServer:ResourceServer": _NAMES,
    "aws:cognito/userGroup:UserGroup": _NAMES,
    "aws:cognito/userPoolDomain:UserPoolDomain": "the sign-in pages belong to the pool, priced by its users",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": _RULES,
    "aws:iam/policy:Policy": _RULES,
    "aws:iam/role:Role": _RULES,
    "aws:iam/rolePolicy:RolePolicy": _RULES,
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _RULES,
    "aws:kms/alias:Alias": _NAMES,
    "aws:lambda/alias:Alias": "calls are priced at the function",
    "aws:lambda/permission:Permission": _RULES,
    "aws:route53/record:Record": "records are part of the zone; queries for aliases of AWS are free",
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": _BEHAVIOUR,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": "removing and aborting is free",
    "aws:s3/bucketLogging:BucketLogging": "writing access logs is free; keeping them is priced at the bucket",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _BEHAVIOUR,
    "aws:s3/bucketPolicy:BucketPolicy": _RULES,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _BEHAVIOUR,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _BEHAVIOUR,
    "aws:s3/bucketVersioning:BucketVersioning": "older versions are priced as storage at the bucket",
    "aws:secretsmanager/secretVersion:SecretVersion": "versions are part of the secret",
    "aws:sns/topicPolicy:TopicPolicy": _RULES,
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": "what it writes is priced at the log group",
}
