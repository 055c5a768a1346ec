"""Columns of obs, for all formats: codes of categories, and numbers that are labels."""
