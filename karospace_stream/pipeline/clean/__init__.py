"""What exports that were cut off have left: found, described, removed."""
