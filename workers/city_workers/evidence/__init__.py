"""Compares scenes in photos; runs in the detection process, beside the models."""
