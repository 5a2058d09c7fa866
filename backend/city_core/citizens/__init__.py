"""What citizens have of their own: points."""
