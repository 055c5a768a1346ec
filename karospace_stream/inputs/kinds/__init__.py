"""Files and stores of other formats, each described as the parts of an AnnData."""
