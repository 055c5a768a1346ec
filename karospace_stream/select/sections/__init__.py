"""Select what says which cells belong to which section: columns, libraries, coordinates. Pure."""
