"""Registries 名录 of places: files in and out, how far an import has come, rows looked up."""
