"""Families of resource types that are free of charge, for types that have no record.

A type that is neither priced, nor free by its record or its family, nor evaluated by a rule counts as one that costs
money. AWS's pricing pages (https://aws.amazon.com/<service>/pricing/) were not read one by one. Public notes that quote
them were read 2026-11-30 on CodeDeploy, EventBridge Scheduler and certificates.
"""

_NETWORK = (
    "mainRouteTableAssociation internetGatewayAttachment networkAclAssociation defaultVpc defaultSubnet "
    "defaultRouteTable defaultNetworkAcl vpcDhcpOptions vpcDhcpOptionsAssociation keyPair placementGroup "
    "launchTemplate networkInterface vpcPeeringConnection vpcPeeringConnectionAccepter peeringConnectionOptions "
    "managedPrefixList managedPrefixListEntry eipAssociation vpcIpv4CidrBlockAssociation "
    "vpcIpv6CidrBlockAssociation vpcEndpointPolicy vpcEndpointRouteTableAssociation vpcEndpointSubnetAssociation "
    "serialConsoleAccess instanceMetadataDefaults imageBlockPublicAccess"
)
FREE_FAMILIES: dict[str, str] = {
    "aws:iam/*": "identities and permissions cost nothing",
    "aws-native:iam:*": "identities and permissions cost nothing",
    "aws:organizations/*": "accounts and their policies cost nothing",
    "aws:identitystore/*": "users and groups of IAM Identity Center cost nothing",
    "aws:ssoadmin/*": "IAM Identity Center costs nothing",
    "aws:ram/*": "shares cost nothing; what is shared is priced at its owner",
    "aws:resourcegroups/*": "groups only name resources",
    "aws:servicequotas/*": "quotas cost nothing",
    "aws:servicecatalog/app*": "applications only name resources",
    "aws:costexplorer/*": "anomaly detection and cost categories cost nothing",
    "aws:appautoscaling/*": "scaling costs nothing; what it scales is priced",
    "aws:autoscaling/policy:*": "scaling costs nothing; what it scales is priced",
    "aws:autoscaling/schedule:*": "scaling costs nothing; what it scales is priced",
    "aws:cloudwatch/eventBus:*": "a bus costs nothing; custom events are priced where they are sent",
    "aws:cloudwatch/eventBusPolicy:*": "permissions cost nothing",
    "aws:cloudwatch/eventConnection:*": "a connection costs nothing beyond the destination's calls",
    "aws:cloudwatch/queryDefinition:*": "a stored query costs nothing until it runs",
    "aws:cloudwatch/log*Policy:*": "policies of logs cost nothing",
    "aws:lambda/runtimeManagementConfig:*": "configuration of the function",
    "aws:signer/*": "code signing for Lambda costs nothing",
    "aws:s3/bucket[A-Z]*": "part of the bucket, which is priced by storage and requests",
    "aws:s3control/*Policy:*": "permissions cost nothing",
    "aws:dynamodb/tag:*": "tags cost nothing",
    "aws:cognito/*": "users and clients are priced at the pool",
    "aws:apigateway/*": "requests are priced at the stage",
    "aws:apigatewayv2/*": "requests are priced at the stage",
    "aws:cloudfront/originAccess*": "configuration of the distribution",
    "aws:cloudfront/*Policy:*": "configuration of the distribution",
    "aws:ssm/document:*": "documents cost nothing",
    "aws:ses/*": "identities cost nothing; mails are priced by number",
    "aws:sesv2/emailIdentity*": "identities cost nothing; mails are priced by number",
    "aws:sesv2/configurationSet*": "configuration of mails",
    "aws:xray/resourcePolicy:*": "permissions cost nothing",
    "aws:sfn/alias:*": "transitions are priced at the state machine",
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
    **{f"aws:ec2/{name}:*": "networks are free; gateways and addresses are priced" for name in _NETWORK.split()},
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
"""By pattern of the type, why AWS charges nothing for it."""
NOT_FREE = (
    "aws:ec2/eip:*",
    "aws:elasticache/replicationGroup:*",
    "aws:s3/bucketMetric:*",
    "aws:s3/bucketObject*",
    "aws:s3/bucketV2:*",
)
"""Patterns of types that FREE_FAMILIES matches although AWS charges for them."""
