"""What the stream layer says of cells besides their columns and embeddings."""
