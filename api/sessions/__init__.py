"""Sessions: the sign-ins of a caller, how often they call, and which were revoked."""
