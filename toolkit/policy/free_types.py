"""Types of resources that cost nothing by themselves, for programs that use more than this service does.

A type that is neither priced, nor here, nor evaluated by a rule counts as one that costs money: new types, too.
AWS's pricing pages (https://aws.amazon.com/<service>/pricing/, not verified page by page) would tell. Public notes that
quote AWS were read 2026-11-30 on CodeDeploy, EventBridge Scheduler and certificates.
"""

from fnmatch import fnmatchcase
from functools import lru_cache

from toolkit.cost.services import FREE

_NETWORK = (
    "vpc subnet routeTable route routeTableAssociation mainRouteTableAssociation internetGateway "
    "internetGatewayAttachment egressOnlyInternetGateway networkAcl networkAclRule networkAclAssociation "
    "defaultVpc defaultSubnet defaultRouteTable defaultNetworkAcl defaultSecurityGroup vpcDhcpOptions "
    "vpcDhcpOptionsAssociation keyPair placementGroup launchTemplate networkInterface vpcPeeringConnection "
    "vpcPeeringConnectionAccepter peeringConnectionOptions managedPrefixList managedPrefixListEntry eipAssociation "
    "vpcIpv4CidrBlockAssociation vpcIpv6CidrBlockAssociation vpcEndpointPolicy vpcEndpointRouteTableAssociation "
    "vpcEndpointSubnetAssociation vpcEndpointSecurityGroupAssociation encryptionByDefault snapshotBlockPublicAccess "
    "serialConsoleAccess instanceMetadataDefaults imageBlockPublicAccess"
)
_PATTERNS: dict[str, str] = {
    "aws:iam/*": "identities and permissions cost nothing",
    "aws-native:iam:*": "identities and permissions cost nothing",
    "aws:organizations/*": "accounts and their policies cost nothing",
    "aws:identitystore/*": "users and groups of IAM Identity Center cost nothing",
    "aws:ssoadmin/*": "IAM Identity Center costs nothing",
    "aws:ram/*": "shares cost nothing; what is shared is priced at its owner",
    "aws:resourcegroups/*": "groups only name resources",
    "aws:servicequotas/*": "quotas cost nothing",
    "aws:servicecatalog/app*": "applications only name resources",
    "aws:budgets/budget:*": "watching and notifying is free",
    "aws:costexplorer/*": "anomaly detection and cost categories cost nothing",
    "aws:appautoscaling/*": "scaling costs nothing; what it scales is priced",
    "aws:autoscaling/policy:*": "scaling costs nothing; what it scales is priced",
    "aws:autoscaling/schedule:*": "scaling costs nothing; what it scales is priced",
    "aws:codedeploy/*": "CodeDeploy is free for Lambda, ECS and EC2",
    "aws:cloudwatch/eventRule:*": "schedules and events of AWS cost nothing; custom ones are priced where sent",
    "aws:cloudwatch/eventTarget:*": "delivery to a target of the account is part of the event",
    "aws:cloudwatch/eventPermission:*": "permissions cost nothing",
    "aws:cloudwatch/eventBus:*": "a bus costs nothing; custom events are priced where they are sent",
    "aws:cloudwatch/eventBusPolicy:*": "permissions cost nothing",
    "aws:cloudwatch/eventConnection:*": "a connection costs nothing beyond the destination's calls",
    "aws:cloudwatch/logResourcePolicy:*": "permissions cost nothing",
    "aws:cloudwatch/logStream:*": "what it holds is priced at the log group",
    "aws:cloudwatch/logMetricFilter:*": "the filter is free; its metric is priced at the alarm that uses it",
    "aws:cloudwatch/queryDefinition:*": "a stored query costs nothing until it runs",
    "aws:cloudwatch/log*Policy:*": "policies of logs cost nothing",
    "aws:scheduler/*": "14 million invocations a month are free",
    "aws:sqs/*Policy:*": "permissions cost nothing",
    "aws:sns/topicPolicy:*": "permissions cost nothing",
    "aws:sns/topicDataProtectionPolicy:*": "permissions cost nothing",
    "aws:lambda/alias:*": "calls are priced at the function",
    "aws:lambda/permission:*": "permissions cost nothing",
    "aws:lambda/layerVersion:*": "75 GB of layers and packages are part of the account",
    "aws:lambda/layerVersionPermission:*": "permissions cost nothing",
    "aws:lambda/functionEventInvokeConfig:*": "retries are calls, which are priced at the function",
    "aws:lambda/functionRecursionConfig:*": "configuration of the function",
    "aws:lambda/runtimeManagementConfig:*": "configuration of the function",
    "aws:lambda/codeSigningConfig:*": "code signing for Lambda costs nothing",
    "aws:signer/*": "code signing for Lambda costs nothing",
    "aws:kms/alias:*": "names a key",
    "aws:kms/grant:*": "permissions cost nothing",
    "aws:kms/keyPolicy:*": "permissions cost nothing",
    "aws:secretsmanager/secret[PRV]*": "policies, rotations and versions are part of the secret",
    "aws:s3/bucket[A-Z]*": "says how the bucket behaves; the bucket is priced",
    "aws:s3/accountPublicAccessBlock:*": "a setting of the account",
    "aws:s3/accessPoint:*": "requests are priced at the bucket",
    "aws:s3control/*Policy:*": "permissions cost nothing",
    "aws:dynamodb/resourcePolicy:*": "permissions cost nothing",
    "aws:dynamodb/tag:*": "tags cost nothing",
    "aws:dynamodb/tableItem:*": "storage is priced at the table",
    "aws:cognito/*": "users and clients are priced at the pool",
    "aws:apigateway/*": "requests are priced at the stage",
    "aws:apigatewayv2/*": "requests are priced at the stage",
    "aws:cloudfront/originAccess*": "configuration of the distribution",
    "aws:cloudfront/*Policy:*": "configuration of the distribution",
    "aws:cloudfront/keyGroup:*": "configuration of the distribution",
    "aws:cloudfront/publicKey:*": "configuration of the distribution",
    "aws:wafv2/ipSet:*": "part of the web ACL",
    "aws:wafv2/regexPatternSet:*": "part of the web ACL",
    "aws:wafv2/webAclAssociation:*": "part of the web ACL",
    "aws:wafv2/webAclLoggingConfiguration:*": "what it writes is priced at the log group",
    "aws:acm/certificate*": "public certificates cost nothing, unless they may be exported: $15 for each name",
    "aws:route53/record:*": "records are part of the zone",
    "aws:route53/delegationSet:*": "part of the zone",
    "aws:ssm/parameter:*": "standard parameters cost nothing",
    "aws:ssm/document:*": "documents cost nothing",
    "aws:ses/*": "identities cost nothing; mails are priced by number",
    "aws:sesv2/emailIdentity*": "identities cost nothing; mails are priced by number",
    "aws:sesv2/configurationSet*": "configuration of mails",
    "aws:xray/group:*": "traces are priced at what records them",
    "aws:xray/samplingRule:*": "traces are priced at what records them",
    "aws:xray/resourcePolicy:*": "permissions cost nothing",
    "aws:sfn/alias:*": "transitions are priced at the state machine",
    "aws:ecs/cluster:*": "a cluster costs nothing; its services are priced",
    "aws:ecs/clusterCapacityProviders:*": "configuration of the cluster",
    "aws:ecs/taskDefinition:*": "a definition costs nothing; services that run it are priced",
    "aws:ecr/*Policy:*": "permissions and clean-up cost nothing",
    "aws:lb/listenerRule:*": "part of the load balancer",
    "aws:lb/targetGroup:*": "part of the load balancer",
    "aws:lb/targetGroupAttachment:*": "part of the load balancer",
    "aws:rds/subnetGroup:*": "names subnets",
    "aws:rds/*arameterGroup:*": "configuration of a database",
    "aws:elasticache/*Group:*": "configuration of a cluster",
    "aws:vpc/*": "rules of security groups cost nothing",
    "aws:ec2/securityGroup*": "rules of security groups cost nothing",
    **{f"aws:ec2/{name}:*": "networks cost nothing; gateways and addresses do" for name in _NETWORK.split()},
    "pulumi:*": "part of the program",
    "pulumi-python:*": "part of the program",
    "random:*": "made on the machine that deploys",
    "tls:*": "made on the machine that deploys",
    "time:*": "made on the machine that deploys",
    "null:*": "made on the machine that deploys",
    "std:*": "made on the machine that deploys",
    "archive:*": "made on the machine that deploys",
    "local:*": "made on the machine that deploys",
    "command:*": "runs on the machine that deploys",
    "github:*": "settings of repositories cost nothing",
}
"""By pattern of the type, why it costs nothing."""
_NOT_FREE = ("aws:elasticache/replicationGroup:*", "aws:s3/bucketObject*", "aws:s3/bucketMetric:*", "aws:ec2/eip:*")
"""What the patterns above would take in, although it is billed."""


@lru_cache(maxsize=1024)
def is_free(type_: str) -> bool:
    """Return whether resources of the type are known to cost nothing by themselves."""
    if any(fnmatchcase(type_, pattern) for pattern in _NOT_FREE):
        return False
    return type_ in FREE or any(fnmatchcase(type_, pattern) for pattern in _PATTERNS)
