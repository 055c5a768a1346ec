"""Arrays of a store, written chunk by chunk as their rows arrive."""
