"""One's own data, and the privacy notice, as phones see them."""
