"""Values derived from the data: ranges, means, bounds. Pure."""
