"""A plan and a source as people read them, in terminals and notebooks."""
