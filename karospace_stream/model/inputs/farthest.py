"""Coordinates of shapes and transcripts that are none."""

#: Beyond it: graphics cards do not know them, and all near them would be one point.
FARTHEST = 1e30
