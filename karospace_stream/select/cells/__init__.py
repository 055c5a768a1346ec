"""Which cells: those for which an expression holds, and a random sample, of all or by groups."""
