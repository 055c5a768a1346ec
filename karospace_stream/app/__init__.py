"""The graphical exporter: a page on this machine that browses, inspects, plans, runs and shows exports.

The page is plain data in and out: a typed JSON API with server-sent events, on the server of `serving`.
"""
