"""Options that the user can set."""
