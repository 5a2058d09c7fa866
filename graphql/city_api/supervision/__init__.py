"""Cards, supervision 督办 and urging 催办, and the list of cases to watch, as phones see them."""
