"""The dossier: all that a reviewer asks of a change, in one comment, one summary and one JSON document."""
