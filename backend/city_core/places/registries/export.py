"""Registries go out as GeoJSON, CSV or Shapefile, so that the same file comes in again without a change."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

import orjson
from shapely import to_wkt
from shapely.geometry import shape as shapely_shape

from city_core.kit.city import City
from city_core.kit.geo import Datum, from_wgs84
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.places.geometry import Geometry
from city_core.places.registries.given import moved
from city_core.places.registries.read_csv import guarded
from city_core.places.registries.sight import Sight
from city_core.places.registries.tables import COMPONENTS, POINTS, Registry, registry_named

FORMATS = ("geojson", "csv", "zip")
_PIECE = 500
_PREFIXED = frozenset({"points", "grid_elements"})


@dataclass(frozen=True)
class ExportAsked:
    """What is to go out: a registry or a part of it, in which datum, and what its reader may see."""

    registry: str
    format: str
    sight: Sight
    street: str | None = None
    layer: str | None = None
    type_code: str | None = None
    changed_since: datetime | None = None
    datum: Datum = "WGS84"

    def checked(self) -> Registry:
        """Accept a known registry, format and datum; layers are of points, types of components."""
        registry = registry_named(self.registry)
        if self.format not in FORMATS:
            raise CityProblem("REQUEST_INVALID", field="format", allowed=", ".join(FORMATS))
        if self.datum not in get_args(Datum):
            raise CityProblem("PLACE_INVALID", field="datum", allowed=", ".join(get_args(Datum)))
        if self.layer is not None and registry is not POINTS:
            raise CityProblem("REQUEST_INVALID", field="layer", allowed="only with the registry points")
        if self.type_code is not None and registry is not COMPONENTS:
            raise CityProblem("REQUEST_INVALID", field="type", allowed="only with the registry components")
        return registry

    def query(self) -> Row:
        """Give the filter of the rows that go out."""
        registry = registry_named(self.registry)
        wanted: list[Row] = [self.sight.filter(registry)]
        if self.street is not None:
            below = {"$gte": self.street, "$lt": f"{self.street}:"}  # a colon comes after every digit
            wanted.append({registry.street: below if registry.name == "divisions" else self.street})
        if self.layer is not None:
            wanted.append({"layer": self.layer})
        if self.type_code is not None:
            wanted.append({"type_code": self.type_code})
        if self.changed_since is not None:
            wanted.append({"updated_at": {"$gte": self.changed_since}})
        return {"$and": wanted}


@dataclass(frozen=True)
class Outgoing:
    """One row as it goes out: the texts of its columns, its shape, and the point that stands for it."""

    id: str
    cells: dict[str, str]
    shape: Geometry | None
    point: Geometry | None


async def outgoing(city: City, asked: ExportAsked) -> AsyncIterator[Outgoing]:
    """Give the rows that go out, in the order of their codes."""
    registry = asked.checked()
    found = city.database[registry.collection].find(asked.query(), {"history": 0}).sort("_id", 1)
    async for row in found.batch_size(_PIECE):
        yield Outgoing(
            str(row["_id"]),
            _cells(registry, row),
            _in_datum(row.get("shape"), asked.datum),
            _in_datum(row.get("point") or row.get("centre"), asked.datum),
        )


async def geojson_of(city: City, asked: ExportAsked) -> AsyncIterator[bytes]:
    """Write the rows as a FeatureCollection, piece by piece."""
    between = b'{"type":"FeatureCollection","features":[\n'
    piece = []
    async for row in outgoing(city, asked):
        feature = {
            "type": "Feature",
            "id": row.id,
            "properties": row.cells,
            "geometry": row.shape or row.point,
        }
        piece.append(between + orjson.dumps(feature))
        between = b",\n"
        if len(piece) >= _PIECE:
            yield b"".join(piece)
            piece = []
    opening = between if not piece and between != b",\n" else b""
    yield b"".join(piece) + opening + b"\n]}\n"


async def csv_of(city: City, asked: ExportAsked) -> AsyncIterator[bytes]:
    """Write the rows as CSV in UTF-8 with a mark; shapes beyond points as WKT; no cell is a formula."""
    names = [column.name for column in asked.checked().columns]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*names, "lng", "lat", "geometry"])
    text.seek(0)
    yield b"\xef\xbb\xbf" + text.read().encode()
    text = io.StringIO()
    writer, count = csv.writer(text), 0
    async for row in outgoing(city, asked):
        writer.writerow([*(guarded(row.cells[name]) for name in names), *_place_cells(row)])
        count += 1
        if count % _PIECE == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _place_cells(row: Outgoing) -> list[str]:
    lng, lat = (repr(value) for value in row.point["coordinates"]) if row.point else ("", "")
    return [lng, lat, to_wkt(shapely_shape(row.shape), rounding_precision=-1) if row.shape else ""]


def _cells(registry: Registry, row: Row) -> dict[str, str]:
    cells = {}
    for column in registry.columns:
        value = row.get(column.name)
        if column.name == "code":
            value = row["_id"].split(":", 1)[1] if registry.name in _PREFIXED else row["_id"]
        blank = value is None or value in ([], {})
        cells[column.name] = "" if blank else column.write(value)
    return cells


def _in_datum(geometry: Geometry | None, datum: Datum) -> Geometry | None:
    if geometry is None or datum in ("WGS84", "CGCS2000"):
        return geometry
    return moved(geometry, lambda lng, lat: from_wgs84((lng, lat), datum))
