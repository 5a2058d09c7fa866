"""The doctor: what is wrong with the set-up of a city, in sentences, with what to do about it."""
