"""Names, manifests and versions of a KaroSpace bundle. Pure."""
