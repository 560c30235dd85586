"""Rules on CloudFront."""
