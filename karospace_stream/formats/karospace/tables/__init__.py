"""The tables of the base layer: CSV and JSON, one block of rows at a time."""
