"""Numbers about groups of cells and their neighbours, without genes."""
