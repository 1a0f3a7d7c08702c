"""Everything in the repository that follows from other files in it: contracts, catalogue, permissions.

Each module makes the text of some files from what the code declares; `files` writes them or tells what is not current.
"""
