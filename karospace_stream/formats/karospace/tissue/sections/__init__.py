"""Sections of a tissue: a range of cells each, and a small file with all that a panel needs at first."""
