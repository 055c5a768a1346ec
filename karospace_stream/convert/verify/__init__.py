"""Whether a bundle is whole, and holds what its source does."""
