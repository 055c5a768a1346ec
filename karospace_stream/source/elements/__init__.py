"""Elements of an AnnData in every encoding: columns, data frames, categories, embeddings, images."""
