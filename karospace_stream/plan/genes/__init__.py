"""Which genes a plan takes, and what they are called."""
