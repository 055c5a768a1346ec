"""One file per check: each examines one thing and reports its findings."""
