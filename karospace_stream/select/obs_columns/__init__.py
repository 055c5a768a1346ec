"""Select the columns of obs: by name, or as a person would choose."""
