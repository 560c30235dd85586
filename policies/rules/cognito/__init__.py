"""Rules on Cognito."""
