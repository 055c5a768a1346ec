"""What a file says of genes besides var: sets of them in uns, and scores of cells computed from them."""
