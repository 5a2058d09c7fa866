"""Requests as whoever watches the servers sees them, and queues of work."""
