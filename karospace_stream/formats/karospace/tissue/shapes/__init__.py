"""Shapes of cells: each in the tile of its centre, tiles in packs. See docs/formats/tissue.md."""
