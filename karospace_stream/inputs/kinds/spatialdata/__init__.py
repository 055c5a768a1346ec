"""SpatialData stores: a table as the AnnData, with the coordinates of what it annotates."""
