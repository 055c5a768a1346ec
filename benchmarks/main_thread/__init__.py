"""How long the viewer keeps its page from answering, at a million cells."""
