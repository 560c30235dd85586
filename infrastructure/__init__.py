"""The Pulumi program of every stack."""
