"""What ``atlas.json`` says of genes."""
