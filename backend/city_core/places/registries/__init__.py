"""Registries 名录 of places: what a row of each is made of, how files come in and how they go out."""
