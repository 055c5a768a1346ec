"""The viewer in a notebook: a server of its own, a frame in the output cell, and a way to talk with it."""
