"""The commands, a module each: what they take, what they print and how they end."""
