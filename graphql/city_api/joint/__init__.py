"""Several departments on one case, its parts, and a leader's decision, as phones see them."""
