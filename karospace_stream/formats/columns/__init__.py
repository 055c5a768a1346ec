"""What the formats share about columns of obs: codes of categories, and numbers that are labels."""
