"""Reads CSV as offices write it: UTF-8 with or without a mark, or GB18030; places as columns or as WKT.

Cells that would be read as a formula are written with an apostrophe before them, which is taken off again.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TextIO

import orjson
from shapely import from_wkt, to_geojson
from shapely.errors import ShapelyError

from city_core.places.registries.faults import BadFile
from city_core.places.registries.given import Given

_MOST_CELL = 1_000_000
_MOST_COLUMNS = 200
_MOST_LINE = 4_000_000
_LNG = ("lng", "lon", "longitude", "经度", "x")
_LAT = ("lat", "latitude", "纬度", "y")
_WKT = ("geometry", "wkt", "shape", "几何")
_GUARDED = re.compile(r"'+[=+\-@\t\r＝＋－＠]")
_DANGEROUS = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_UNREADABLE = {"type": "unreadable"}


def read_csv(path: Path) -> Iterator[Given]:
    """Give the rows of a file, the head being row 1; a cell with a line break is still one row."""
    csv.field_size_limit(_MOST_CELL)
    encoding = encoding_of(path)
    try:
        with path.open(encoding=encoding, newline="") as file:
            yield from _rows(csv.reader(_lines(file), delimiter=_delimiter(path, encoding)))
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadFile("CSV格式错误或编码混杂", "the CSV is broken, or its encodings are mixed") from error


def _lines(file: TextIO) -> Iterator[str]:
    while line := file.readline(_MOST_LINE):
        if len(line) == _MOST_LINE:
            raise BadFile("CSV有一行过长", f"a line of the CSV is longer than {_MOST_LINE:,} characters")
        yield line


def _rows(reader: Any) -> Iterator[Given]:
    head = [name.strip() for name in next(reader, [])]
    if not head or len(head) > _MOST_COLUMNS:
        raise BadFile("CSV缺少表头或列过多", f"the CSV has no head, or more than {_MOST_COLUMNS} columns")
    lng, lat, wkt = (_column(head, names) for names in (_LNG, _LAT, _WKT))
    places = {lng, lat, wkt}
    for number, cells in enumerate(reader, start=2):
        if not any(cells):
            continue
        if len(cells) > len(head):
            raise BadFile("此行的列多于表头", "this row has more cells than the head", number)
        row = {name: _bare(cell) for name, cell in zip(head, cells, strict=False) if name not in places}
        whole = dict(zip(head, cells, strict=False))
        yield Given(number, row, _place(whole.get(wkt or ""), whole.get(lng or ""), whole.get(lat or "")))


def _column(head: list[str], names: tuple[str, ...]) -> str | None:
    return next((name for name in head if name.lower() in names), None)


def _place(wkt: str | None, lng: str | None, lat: str | None) -> Any:
    if wkt and wkt.strip():
        return _from_wkt(wkt)
    if not (lng and lng.strip()) and not (lat and lat.strip()):
        return None
    try:
        return {"type": "Point", "coordinates": [float(lng or ""), float(lat or "")]}
    except ValueError:
        return _UNREADABLE


def _from_wkt(wkt: str) -> Any:
    try:
        found = from_wkt(wkt.strip())
        return orjson.loads(to_geojson(found)) if found is not None else _UNREADABLE
    except (ShapelyError, ValueError):
        return _UNREADABLE


def guarded(cell: str) -> str:
    """Write a cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if _DANGEROUS.match(cell) else cell


def _bare(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell


def encoding_of(path: Path) -> str:
    """Tell whether a file is UTF-8 or, as it is not, GB18030."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while piece := file.read(1 << 20):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "gb18030"
    return "utf-8-sig"


def _delimiter(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline(100_000)
    counts: Mapping[str, int] = {sign: first.count(sign) for sign in (",", "\t", ";")}
    return max(counts, key=lambda sign: counts[sign])
