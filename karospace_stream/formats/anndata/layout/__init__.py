"""Names, arrays, documents and versions of a gene-major store. Pure."""
