"""Matrices of several inputs, and the names of their genes."""
