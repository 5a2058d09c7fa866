"""Normal ↔ emergency 平急转换 over GraphQL."""
