"""Shifts 班次, absences 请假 and who is on duty 值班, as phones see them."""
