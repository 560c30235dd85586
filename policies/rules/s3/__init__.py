"""Rules on S3."""
