"""The neighbour graph as edges, out of core."""
