"""The Cellucid export directory, identity version 2: see ``docs/formats/cellucid.md``."""
