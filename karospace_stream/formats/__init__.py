"""One folder a format: its names, its manifests, its versions."""
