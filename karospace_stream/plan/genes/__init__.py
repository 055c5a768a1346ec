"""Genes of a plan: the requested ones, and their names."""
