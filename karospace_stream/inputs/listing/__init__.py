"""What people give as input, as a list of single inputs: folders, patterns, manifests, lists."""
