"""Reads a file of any of the three formats, told apart by what is in it, not by its name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from city_core.places.registries.given import Given
from city_core.places.registries.read_csv import read_csv
from city_core.places.registries.read_geojson import read_geojson
from city_core.places.registries.read_shapefile import read_shapefile

GEOJSON, CSV, SHAPEFILE = "geojson", "csv", "zip"


def format_of(path: Path) -> str:
    """Tell the format of a file by its first bytes."""
    with path.open("rb") as file:
        first = file.read(4_096)
    if first.startswith(b"PK"):
        return SHAPEFILE
    return GEOJSON if first.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" else CSV


def rows_of(path: Path) -> Iterator[Given]:
    """Give the rows of a file in their order; BadFile where it cannot be read, or no further."""
    readers = {GEOJSON: read_geojson, CSV: read_csv, SHAPEFILE: read_shapefile}
    yield from readers[format_of(path)](path)
