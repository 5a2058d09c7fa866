"""Copies of the whole city in a folder, a hash for each file, and the way back into an empty database."""
