"""Members that other packages do not promise: one file a package, and nothing but the access.

Each says why no public way exists. ``tests/storage/test_private_members.py`` names the package and the member
when a new version changes one.
"""
