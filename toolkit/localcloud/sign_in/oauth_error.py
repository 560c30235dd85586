"""Errors of the OAuth endpoints, as RFC 6749 defines them."""

from toolkit.stacks.errors import RefusedError


class SignInError(RefusedError):
    """A request that the OAuth endpoints reject: `code` is RFC 6749's, the description says what to correct."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
