"""Whether an export is complete, and holds what its source holds."""
