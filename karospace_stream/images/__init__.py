"""Files of images of any size, each read by windows: see `karospace_stream.images.slide`."""
