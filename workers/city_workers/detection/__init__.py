"""The city's first look at a report photo: which street problems a picture shows, and where.

This package is the only place of the project that may import torch or ultralytics.
"""
