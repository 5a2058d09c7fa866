"""The inbox as phones see it."""
