"""The only room that sees all rooms: options, plan, the short functions that chain them, report."""
