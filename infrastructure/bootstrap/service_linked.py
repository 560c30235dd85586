"""The service-linked roles that AWS creates on behalf of the caller for resources of the main program.

Considered and left out, because the program does not use the feature:
Budgets (a billing view of another account), WAF and CloudWatch Logs (delivery to Firehose), Cognito (e-mail through
SES), Application Auto Scaling (scaling of provisioned concurrency), DynamoDB (replicas), KMS (multi-Region keys and
custom key stores), ACM (certificates of a private CA), CloudFront (Lambda@Edge, VPC origins), CloudWatch (EC2 actions),
Lambda (Lambda@Edge, capacity providers).
"""

SERVICE_LINKED_ROLES = {
    # The first custom domain name: docs.aws.amazon.com/apigateway/latest/developerguide/using-service-linked-roles.html
    "ops.apigateway.amazonaws.com": "AWSServiceRoleForAPIGateway",
}
"""The names of the roles by the service that assumes them."""
