"""Documents that every format has, and how manifests are read with care. Pure."""
