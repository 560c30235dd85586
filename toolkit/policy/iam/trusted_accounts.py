"""Accounts of AWS that a policy may name, and services that act without a condition on the source."""

from collections.abc import Mapping

AWS_SERVICES: Mapping[str, str] = {
    "127311923021": "Elastic Load Balancing in us-east-1 writes access logs",
    "054676820928": "Elastic Load Balancing in eu-central-1 writes access logs",
    "cloudfront": "an origin access identity of CloudFront reads a bucket",
}
"""Accounts of AWS, for the services that have no service principal for the purpose.

https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/attach-bucket-policy.html and
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html,
read 2026-11-30.
"""

SERVICES_WITHOUT_SOURCE: Mapping[str, frozenset[str]] = {
    # https://repost.aws/knowledge-center/lambda-ecr-image, read 2026-11-30: Lambda pulls images of its own account
    # by a statement without a condition, which it also writes itself.
    "aws:ecr/repositoryPolicy:RepositoryPolicy": frozenset({"lambda.amazonaws.com"}),
}
"""By resource type, the services that AWS documents without a condition on the source."""
