"""What is computed from values: ranges, means, bounds. Pure."""
