"""Sums of genes over combinations of columns, while genes are written or from another layer."""
