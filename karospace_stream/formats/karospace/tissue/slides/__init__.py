"""Slides: pictures of any size as pyramids of tiles. See docs/formats/tissue.md."""
