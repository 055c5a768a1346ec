"""Documents that every format has, and defensive reading of manifests. Pure."""
