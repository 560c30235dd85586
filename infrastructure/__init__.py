"""The Pulumi program: what a stack is made of, for every stack."""
