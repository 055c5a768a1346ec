"""A fourth format, as a stranger would add one: one ``.npy`` file a gene, and a list of them."""
