"""Resource types of AWS Systems Manager."""

PARAMETER = "aws:ssm/parameter:Parameter"
