"""Finds the faces and number plates that are veiled in public copies; works offline, knows nobody."""
