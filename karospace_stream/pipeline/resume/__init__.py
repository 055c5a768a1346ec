"""An export that was cut off goes on: what was done is written down, checked, and taken as it is."""
