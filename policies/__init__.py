"""What a stack may be and may not: rules evaluated the same offline, on a state and inside the engine."""
