"""The exporter's queue: one export at a time, each in a process of its own."""
