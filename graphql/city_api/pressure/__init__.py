"""How much one process takes on at a time, and what it says to those who come then."""
