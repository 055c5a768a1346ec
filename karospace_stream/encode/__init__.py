"""Arrays and columns to bytes: text tables, little-endian arrays, images, gzip."""
