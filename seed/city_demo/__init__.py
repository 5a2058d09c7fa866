"""Lets anyone try the whole city out on one machine; speaks to the system only from outside."""
