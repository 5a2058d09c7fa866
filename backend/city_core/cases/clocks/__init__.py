"""Deadlines: clocks that count what is spent in the unit of their limit, derived from recorded events."""
