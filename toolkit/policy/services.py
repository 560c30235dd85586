"""The AWS service of a rule: the headings of reports and of the catalogue."""

from toolkit.policy.rule import Rule, StackRule

STACK = "The stack as a whole"
SEVERAL = "Several services"
_FEW = 2
_TITLES = {
    "acm": "Certificate Manager",
    "apigateway": "API Gateway",
    "apigatewayv2": "API Gateway",
    "budgets": "Budgets",
    "cloudfront": "CloudFront",
    "cloudtrail": "CloudTrail",
    "cloudwatch": "CloudWatch",
    "codedeploy": "CodeDeploy",
    "cognito": "Cognito",
    "dynamodb": "DynamoDB",
    "ec2": "EC2",
    "iam": "IAM",
    "kms": "KMS",
    "lambda": "Lambda",
    "route53": "Route 53",
    "s3": "S3",
    "secretsmanager": "Secrets Manager",
    "sns": "SNS",
    "sqs": "SQS",
    "vpc": "EC2",
    "wafv2": "WAF",
}


def service_of(rule: Rule) -> str:
    """Return the service's name as AWS writes it, `SNS and SQS` for a rule on two."""
    if isinstance(rule, StackRule):
        return STACK
    services = sorted({title_of(type_) for type_ in rule.types})
    return " and ".join(services) if len(services) <= _FEW else SEVERAL


def title_of(type_: str) -> str:
    """Return the service of a type such as `aws:lambda/function:Function`."""
    service = type_.split(":")[1].partition("/")[0]
    return _TITLES.get(service, service)
