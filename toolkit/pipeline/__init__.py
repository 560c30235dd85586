"""The steps from a change to production, one folder for each feature."""
