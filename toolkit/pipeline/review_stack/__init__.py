"""The stacks of pull requests, which are destroyed with the pull request or on their date."""
