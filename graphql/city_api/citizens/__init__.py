"""Points of citizens, as phones see them."""
