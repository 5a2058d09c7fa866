"""The rules of the city as their keeper sees them: versions, tables as CSV, publishing."""
