"""Commands of phones: logged, repeated, queued and put in order."""
