"""The cells of an input in the order of its sections, so that each section is one range of cells."""
