"""One file a check: each looks at one thing, and says what it found."""
