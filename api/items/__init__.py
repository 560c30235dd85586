"""Items: what a caller keeps here."""
