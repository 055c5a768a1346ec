"""Markers that a file has: entries of uns like ``rank_genes_groups`` of scanpy."""
