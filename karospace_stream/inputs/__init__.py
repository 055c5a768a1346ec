"""What people hold, as one AnnData: other formats, several files, tables beside them, normalised values."""
