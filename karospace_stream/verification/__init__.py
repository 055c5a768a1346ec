"""Check that an export is complete and matches its source."""
