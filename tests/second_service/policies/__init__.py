"""The policy pack of the second service."""
