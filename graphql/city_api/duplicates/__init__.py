"""The same thing reported more than once."""
