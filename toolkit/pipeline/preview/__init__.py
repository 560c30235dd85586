"""The preview of a stack's update: changes, violations and cost, by the engine or from files only."""
