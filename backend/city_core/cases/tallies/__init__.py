"""Tallies of ended cases: counted once when they end, so that a map of years costs what one of days does."""
