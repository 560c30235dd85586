"""Rules on CloudWatch."""
