"""Tables with a row for each transcript: where each is, and of which gene."""
