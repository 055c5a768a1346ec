"""What is wrong with an input, said in one sentence."""
