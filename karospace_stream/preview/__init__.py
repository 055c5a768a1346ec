"""`serve`: find the export in whatever is given, make one in the cache if need be, and show it."""
