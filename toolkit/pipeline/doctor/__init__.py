"""Check whether everything that the pipeline needs is set up."""
