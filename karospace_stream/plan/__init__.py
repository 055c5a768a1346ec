"""Plan time: makes every decision of an export from metadata, and reads only the data that decisions need."""
