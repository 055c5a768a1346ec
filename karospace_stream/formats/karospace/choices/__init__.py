"""Choose the contents of a bundle: columns, vector fields, the image; and list what it leaves out."""
