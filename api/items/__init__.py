"""Items: the main resource of the API."""
