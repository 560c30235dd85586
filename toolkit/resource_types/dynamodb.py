"""Resource types of Amazon DynamoDB."""

RESOURCE_POLICY = "aws:dynamodb/resourcePolicy:ResourcePolicy"
TABLE = "aws:dynamodb/table:Table"
