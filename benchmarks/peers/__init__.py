"""Other programs that do this job, each in a virtual environment of its own."""
