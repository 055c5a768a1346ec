"""TIFF and OME-TIFF: tifffile reads what a file declares, and decodes the parts that a window needs."""
