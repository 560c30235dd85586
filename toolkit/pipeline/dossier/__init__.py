"""The dossier: the effects of a change for its reviewer, as a comment, a summary and a JSON document."""
