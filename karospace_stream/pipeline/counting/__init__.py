"""Passes over the matrix that choose genes, before the export."""
