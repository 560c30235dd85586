"""What is known of each AWS resource type, by AWS service."""
