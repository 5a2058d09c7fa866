"""The one map 一张图: over GraphQL, and over HTTP as tiles, rows, changes, borders and the page itself."""
