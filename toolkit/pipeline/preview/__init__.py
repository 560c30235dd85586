"""What an update of a stack would do, what the rules say of it and what it costs; by the engine or from files alone."""
