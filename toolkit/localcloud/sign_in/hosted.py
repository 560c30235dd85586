"""The marker of the sign-in pages' calls to the embedded Cognito."""

SCOPE_KEY = "hosted-sign-in-scope"
"""The ClientMetadata entry with the scopes (separated by spaces) of a sign-in on the pages."""
