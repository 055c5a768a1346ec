"""What a plan notices by itself about an input and its export. One file for each thing to notice."""
