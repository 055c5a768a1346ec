"""Runs the graph: Dask, progress events, measured memory."""
