"""IAM policies and principals as rules read them."""
