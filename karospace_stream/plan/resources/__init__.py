"""Memory, workers and machines: what a plan may use."""
