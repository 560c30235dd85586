"""What data a resource holds, and which changes lose it."""
