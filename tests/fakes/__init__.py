"""Stand-ins for services that the city calls, made from the documents of those services."""
