"""Which rule each field and each route has; the schema is not built with one that has none."""
