"""The one map over HTTP: tiles, rows for mini-programs, changes, borders, and the page itself."""
