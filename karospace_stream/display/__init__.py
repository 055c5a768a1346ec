"""How plans, reports and files look as text and in a notebook: a title, facts in rows, notes."""
