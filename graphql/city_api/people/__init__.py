"""Sign-in, persons, departments and devices, as phones see them."""
