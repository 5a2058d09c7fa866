"""The dictionary as phones see it."""
