"""Sections of a tissue: labels, boxes, layout and overlap. Pure."""
