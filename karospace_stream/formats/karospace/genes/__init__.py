"""Genes of a KaroSpace bundle: one file or more for each, or shards of many."""
