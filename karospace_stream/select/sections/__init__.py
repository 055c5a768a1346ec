"""Find the sections of cells: by columns, libraries, or coordinates. Pure."""
