"""Sessions: the sign-ins of a caller, their revocation, and the rate limit."""
