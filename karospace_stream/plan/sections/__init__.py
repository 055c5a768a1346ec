"""Sections of a tissue at plan time: bounded reading of coordinates and of columns."""
