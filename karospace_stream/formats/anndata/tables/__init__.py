"""obs, var and obsm of a store, streamed."""
