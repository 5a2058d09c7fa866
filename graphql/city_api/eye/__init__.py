"""The city eye 城市之眼 over HTTP and GraphQL."""
