"""The data of each resource type, and the changes that lose it."""
