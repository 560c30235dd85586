"""The reusable half: AWS, Pulumi and GitHub, without knowledge of the service."""
