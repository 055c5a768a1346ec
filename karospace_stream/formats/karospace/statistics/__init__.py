"""Statistics by group in a KaroSpace bundle."""
