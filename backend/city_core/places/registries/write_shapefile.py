"""Writes a registry as a zip of Shapefiles, one for each kind of shape that its rows have.

A .dbf holds texts of 254 bytes: longer ones go on in further columns, `BZ`, `BZ__2`, and are put together
again when the file comes in.
"""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import shapefile
from pyproj import CRS

from city_core.kit.city import City
from city_core.places.registries.export import ExportAsked, outgoing
from city_core.places.registries.read_shapefile import EDGE
from city_core.places.registries.tables import Registry

_MOST_BYTES = 254
_CUT_BYTES = _MOST_BYTES - 2 * len(EDGE.encode())
_KINDS = {
    "Point": ("point", shapefile.POINT),
    "LineString": ("line", shapefile.POLYLINE),
    "Polygon": ("area", shapefile.POLYGON),
    "MultiPolygon": ("area", shapefile.POLYGON),
    None: ("table", shapefile.NULL),
}
_PARTS = ("shp", "shx", "dbf", "prj", "cpg")
_CGCS2000 = 4490
Widths = dict[str, list[int]]


async def spool(city: City, asked: ExportAsked, path: Path) -> None:
    """Lay the rows of an export on disk, so that they can be read twice as they are."""
    with path.open("wb") as file:
        async for row in outgoing(city, asked):
            file.write(orjson.dumps([row.cells, row.shape or row.point]) + b"\n")


def zip_of(registry: Registry, asked: ExportAsked, spooled: Path, folder: Path) -> Path:
    """Make the zip out of spooled rows; answers where it lies."""
    widths = _widths(registry, spooled)
    kinds = sorted({_KINDS[kind] for kind, _ in _rows(spooled)}) or [_KINDS[_first_kind(registry)]]
    for name, shape_type in kinds:
        _write(registry, spooled, folder / f"{registry.name}_{name}", shape_type, widths)
    packed = folder / "export.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name, _ in kinds:
            stem = folder / f"{registry.name}_{name}"
            if asked.datum in ("WGS84", "CGCS2000"):
                stem.with_suffix(".prj").write_text(CRS.from_epsg(_CGCS2000).to_wkt("WKT1_ESRI"))
            stem.with_suffix(".cpg").write_text("UTF-8")
            for part in _PARTS:
                if stem.with_suffix(f".{part}").exists():
                    target.write(stem.with_suffix(f".{part}"), f"{stem.name}.{part}")
    return packed


def _first_kind(registry: Registry) -> str | None:
    return registry.geometries[0] if registry.geometries else None


def _rows(spooled: Path) -> Iterator[tuple[str | None, Any]]:
    with spooled.open("rb") as file:
        for line in file:
            cells, geometry = orjson.loads(line)
            yield (geometry["type"] if geometry else None), (cells, geometry)


def _widths(registry: Registry, spooled: Path) -> Widths:
    """Measure how many columns a text needs, and how wide each is, bytes."""
    widths: Widths = defaultdict(lambda: [1])
    for _, (cells, _) in _rows(spooled):
        for column in registry.columns:
            held = widths[column.short]
            for number, piece in enumerate(pieces(cells[column.name])):
                if number == len(held):
                    held.append(1)
                held[number] = max(held[number], len(piece.encode()))
    return widths


def _write(registry: Registry, spooled: Path, stem: Path, shape_type: int, widths: Widths) -> None:
    with shapefile.Writer(str(stem), shapeType=shape_type, encoding="utf-8") as writer:
        for column in registry.columns:
            for number, width in enumerate(widths[column.short], start=1):
                writer.field(_name(column.short, number), "C", size=width)
        for kind, (cells, geometry) in _rows(spooled):
            if _KINDS[kind][1] != shape_type:
                continue
            written: list[str] = []
            for column in registry.columns:
                cut = pieces(cells[column.name])
                written += cut + [""] * (len(widths[column.short]) - len(cut))
            writer.record(*written)
            writer.shape(geometry) if geometry else writer.null()


def _name(short: str, number: int) -> str:
    return short if number == 1 else f"{short}__{number}"


def pieces(text: str) -> list[str]:
    """Cut a text into pieces that a .dbf can hold; a blank at an edge, which would be lost, is held there."""
    found = []
    while len(text.encode()) > _MOST_BYTES:
        at = len(text.encode()[:_CUT_BYTES].decode("utf-8", "ignore"))
        found.append(_held(text[:at]))
        text = text[at:]
    return [*found, _held(text)] if found else [text]


def _held(piece: str) -> str:
    before = EDGE if piece[:1].isspace() else ""
    return f"{before}{piece}{EDGE if piece[-1:].isspace() else ''}"
