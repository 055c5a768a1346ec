"""How many bytes an export will write: what is known, and a range for what gets compressed."""
