"""One folder a format, and what formats share."""
