"""The nouns: frozen, picklable, no input or output. If you know these you know the program."""
