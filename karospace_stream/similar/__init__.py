"""What somebody may have meant: existing names and paths that are close to one that does not exist."""
