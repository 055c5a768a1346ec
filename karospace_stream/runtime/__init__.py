"""Runs the graph: Dask, progress events, memory that was really used."""
