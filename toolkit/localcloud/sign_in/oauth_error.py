"""What goes wrong while signing in, in the words of RFC 6749."""

from toolkit.stacks.errors import RefusedError


class SignInError(RefusedError):
    """A request that the OAuth endpoints refuse: `code` is RFC 6749's, the text says what to mend."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
