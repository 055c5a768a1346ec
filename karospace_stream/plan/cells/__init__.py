"""Which cells are exported."""
