"""How a new version comes to callers, and how the one before comes back."""
