"""Real clients from npm against a real API; each script prints what it saw as one JSON object."""
