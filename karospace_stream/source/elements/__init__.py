"""Elements of an AnnData: columns, data frames, categories, embeddings, images; in every encoding."""
