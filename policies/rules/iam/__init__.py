"""Rules on IAM."""
