"""Progress for people: a bar on a terminal, a display in a notebook, plain lines elsewhere."""
