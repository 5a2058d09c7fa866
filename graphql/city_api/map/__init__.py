"""The one map 一张图 over GraphQL."""
