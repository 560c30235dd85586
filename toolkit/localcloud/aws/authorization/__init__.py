"""Authentication and authorization of calls to the embedded AWS, as IAM evaluates them."""
