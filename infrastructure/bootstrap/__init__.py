"""What each AWS account needs before a pipeline may deploy to it: a Pulumi project of its own, run by an admin."""
