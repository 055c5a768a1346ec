"""How long a change of a filter takes in a browser."""
