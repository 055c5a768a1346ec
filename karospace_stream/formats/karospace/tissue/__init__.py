"""What a bundle holds of a tissue beside its cells, a module for each part: see docs/formats/tissue.md."""
