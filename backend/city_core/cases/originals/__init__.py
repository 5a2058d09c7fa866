"""Originals of photos: read by few, for a reason, on record."""
