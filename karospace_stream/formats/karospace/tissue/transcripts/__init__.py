"""Transcripts of a tissue: a tree of squares for each gene, in packs."""
