"""Whether a deployed stack does its work, asked through its real address."""
