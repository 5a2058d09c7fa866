"""What a person is asked to do, as phones see it."""
