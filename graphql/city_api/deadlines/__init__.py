"""Deadlines as phones see them: the clocks of a case, its lamp, and why it is due when it is."""
