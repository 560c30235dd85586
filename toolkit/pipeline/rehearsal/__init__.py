"""Guide an owner through the first deployment to an AWS account, and report differences from the embedded AWS."""
