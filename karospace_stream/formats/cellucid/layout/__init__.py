"""Names, manifests and versions of a Cellucid export. Pure."""
