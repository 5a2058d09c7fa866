"""What an update asks of the rows of before: numbered steps, each of which may be run twice."""
