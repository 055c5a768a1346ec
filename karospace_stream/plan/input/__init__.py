"""The input of a plan: how it is opened, and what is said if it has no genes."""
