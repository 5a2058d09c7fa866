"""Commands of phones: the log behind every mutation, and what was queued while offline."""
