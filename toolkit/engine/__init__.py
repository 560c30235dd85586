"""The Pulumi CLI: find or build it, run it, read what it writes."""
