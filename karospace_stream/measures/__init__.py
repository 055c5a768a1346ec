"""Numbers of genes by groups of cells: pure functions on complete genes, and on their sums."""
