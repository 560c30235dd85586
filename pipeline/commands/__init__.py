"""The pipeline's commands, one module each."""
