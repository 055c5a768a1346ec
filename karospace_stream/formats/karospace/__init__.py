"""The KaroSpace bundle, schema 1.0.0 and the stream layer: see ``docs/formats/karospace.md``."""
