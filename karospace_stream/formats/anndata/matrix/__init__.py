"""X and the neighbour graph of a store."""
