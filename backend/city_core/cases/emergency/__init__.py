"""Normal ↔ emergency 平急转换: a named overlay by area and time: limits, routes, pushes, photos, sight."""
