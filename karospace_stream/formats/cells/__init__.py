"""Shared by formats: coordinates of cells in tiles, and the edges between cells."""
