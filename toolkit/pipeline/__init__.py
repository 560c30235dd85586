"""What the workflows run, and a person at a terminal: one command for each step from a change to production."""
