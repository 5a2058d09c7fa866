"""Divisions as phones see them."""
