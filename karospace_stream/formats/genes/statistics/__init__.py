"""Statistics of genes by groups of cells, computed while genes are written, for all formats."""
