"""What services reuse unchanged: it knows AWS, Pulumi and GitHub, and nothing of one service."""
