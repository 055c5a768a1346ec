"""Arrays with a value for each cell."""
