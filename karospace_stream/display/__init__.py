"""Cards that show plans, reports and files as text and in a notebook: a title, rows of facts, notes."""
