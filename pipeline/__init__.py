"""What the workflows run; so far the Lambda package's build."""
