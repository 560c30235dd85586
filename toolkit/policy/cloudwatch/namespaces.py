"""The namespaces in which AWS publishes metrics.

Not verified on AWS's own list, https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/
aws-services-cloudwatch-metrics.html. The names are those of AWS's page on tags of metrics (see aws_metrics.py) and of
the namespaces that Datadog's Terraform provider 4.21 offers, both read 2026-11-30, and some older ones.
"""

from toolkit.policy.cloudwatch.metrics import METRICS

_NAMED_ONLY = (
    "ACMPrivateCA AmazonMQ AmplifyHosting AOSS AppConfig AppFlow ApplicationELB AppRunner AppStream AppSync "
    "Athena AutoScaling Backup Bedrock Billing Budgeting Cassandra CertificateManager Chatbot ClientVPN CloudHSM "
    "CloudSearch CloudTrail CloudWatch/MetricStreams CodeBuild CodeGuruProfiler CodePipeline CodeWhisperer Config "
    "Connect DataSync DAX DDoSProtection DirectoryService DMS DocDB DX EBS EC2 EC2/InfrastructurePerformance "
    "EC2CapacityReservations EC2Spot ECR ECS EFS EKS ElastiCache ElasticBeanstalk ElasticInference ElasticMapReduce "
    "ElasticTranscoder ELB ES EventBridge/Pipes Firehose FraudDetector FSx GameLift GatewayELB GlobalAccelerator Glue "
    "GroundStation GuardDuty IAM Inspector IoT IPAM IVS Kafka KafkaConnect Kinesis KinesisAnalytics "
    "KinesisVideo KMS Lex Location Logs MediaConnect MediaConvert MediaLive MediaTailor MemoryDB ML MWAA NATGateway "
    "Neptune Network-Firewall NetworkFirewall NetworkELB NetworkManager NetworkMonitor OpsWorks PCS Personalize Polly "
    "PrivateLinkEndpoints PrivateLinkServices QLDB QuickSight RDS RDS/Proxy Redshift Rekognition Route53 "
    "Route53Resolver RUM S3 S3/Storage-Lens SageMaker SageMaker/Workteam Sagemaker/LabelingJobs "
    "Sagemaker/ModelBuildingPipeline SecretsManager SecurityHub ServiceCatalog ServiceQuotas SES SSM States "
    "StorageGateway SWF Textract Timestream Transfer TransitGateway Translate TrustedAdvisor Usage VpcLattice VPN WAF "
    "WAFV2 Workmail WorkSpaces X-Ray"
)
NAMESPACES = frozenset(METRICS) | frozenset(f"AWS/{name}" for name in _NAMED_ONLY.split())
"""The namespaces of AWS; those without metrics above are known by name only."""
