"""An order of cells in which the first ones, however many, are a fair sample of all."""
