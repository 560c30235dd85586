"""Whether everything that the pipeline needs is set up, and what to do where it is not."""
