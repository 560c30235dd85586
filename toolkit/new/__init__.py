"""The commands that make this repository another service: a new checkout, and new parts of its code."""
