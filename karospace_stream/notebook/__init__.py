"""The viewer in a notebook: its own server, a frame in the output cell, and communication with it."""
