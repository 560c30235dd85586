"""Me: the caller as the service knows them."""
