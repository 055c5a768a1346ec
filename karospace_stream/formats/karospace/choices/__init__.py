"""What a bundle takes from its source: columns, vector fields, the image; and what it leaves out."""
