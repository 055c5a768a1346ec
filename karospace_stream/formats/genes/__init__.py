"""What is shared by formats that write genes: the writers, and what they need beside the genes."""
