"""Cases as phones see them."""
