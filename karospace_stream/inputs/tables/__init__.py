"""Tables with a row for each cell: columns, coordinates and embeddings beside a matrix."""
