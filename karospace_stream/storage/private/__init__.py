"""Access to private members of other packages, which may change: one file for each package.

Each says why no public way exists. ``tests/storage/test_private_members.py`` names the package and the member
when a new version changes one.
"""
