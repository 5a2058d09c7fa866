"""How much one actor may ask for in a time: counted in Redis for all processes, in this one without it."""
