"""`serve`: find the export in the given data, or make one in the cache if needed, and show it."""
