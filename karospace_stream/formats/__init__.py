"""One folder per format, and the code that formats share."""
