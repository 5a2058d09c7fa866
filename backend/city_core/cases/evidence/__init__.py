"""Photos as evidence: what metadata, looks and likeness of scenes say about each photo of a case."""
