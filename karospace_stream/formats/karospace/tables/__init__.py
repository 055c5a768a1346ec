"""The tables of the base layer: CSV and JSON, a block of rows at a time."""
