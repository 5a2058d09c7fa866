"""Open connections of phones: how many, how long, and why they are closed."""
