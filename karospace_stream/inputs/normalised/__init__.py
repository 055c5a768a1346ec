"""Counts normalised while they are read: the same total for each cell, then logarithms."""
