"""The facts of each AWS resource type, one file per AWS service."""
