"""Pull requests' own stacks: made from a template, gone with the pull request or on their date."""
