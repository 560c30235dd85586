"""The namespaces in which AWS publishes metrics.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html
"""

from policies.aws_metrics import METRICS

_NAMED_ONLY = (
    "ACMPrivateCA AmazonMQ AmplifyHosting AOSS AppConfig AppFlow ApplicationELB AppRunner AppStream AppSync "
    "Athena AutoScaling Backup Bedrock Billing Cassandra CertificateManager Chatbot CloudHSM CloudSearch "
    "CloudTrail CodeBuild CodePipeline CodeWhisperer Config Connect DataSync DAX DDoSProtection DirectoryService "
    "DMS DocDB DX EBS EC2 EC2CapacityReservations EC2Spot ECR ECS EFS EKS ElastiCache ElasticBeanstalk "
    "ElasticMapReduce ElasticTranscoder ELB ES Firehose FSx GameLift GatewayELB GlobalAccelerator Glue "
    "GroundStation GuardDuty IAM Inspector IoT IPAM IVS Kafka KafkaConnect Kinesis KinesisAnalytics "
    "KinesisVideo KMS Lex Location Logs MediaConvert MediaLive MemoryDB MWAA NATGateway Neptune Network-Firewall "
    "NetworkELB NetworkManager OpsWorks Personalize PrivateLinkEndpoints PrivateLinkServices QLDB QuickSight RDS "
    "Redshift Rekognition Route53 Route53Resolver RUM S3 SageMaker SecretsManager SecurityHub "
    "ServiceCatalog SES SSM States StorageGateway SWF Textract Timestream Transfer TransitGateway TrustedAdvisor "
    "Usage VPN WAF WAFV2 Workmail WorkSpaces X-Ray"
)
NAMESPACES = frozenset(METRICS) | frozenset(f"AWS/{name}" for name in _NAMED_ONLY.split())
"""The namespaces of AWS; those without metrics above are known by name only."""
