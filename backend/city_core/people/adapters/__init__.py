"""What shows the city who somebody is, outside of it."""
