"""The bootstrap program: a Pulumi project that an administrator runs once per AWS account."""
