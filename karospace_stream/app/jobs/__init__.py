"""The exporter's queue: one export at a time, each in its own process."""
