"""A city of a million cases, measured: what a question costs, and whether that grows with the records."""
