"""Boundaries of cells in files: read some at a time, as rings of vertices."""
