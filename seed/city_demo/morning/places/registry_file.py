"""A file of 1,000 components as a survey office hands it in: one stands in each grid, and 30 rows are wrong.

The same at every run, so that it is brought in twice, and once more the next morning, without a change.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from city_demo.phones.phone import Row

TYPE = "C0308"  # 宣传栏 notice boards: nobody in the morning reports one
ROWS, OF_EACH_FAULT = 1_000, 6
_DISTRICT, _NEIGHBOUR, _NO_TYPE = "370303", "370304", "9902"
_ABROAD = (2.3522, 48.8566)
Point = tuple[float, float]

# What is wrong with some rows: in words, the row as it should not be, and what the city says of it.
FAULTS: Sequence[tuple[str, str]] = (
    ("wrong order", "经纬度顺序颠倒"),
    ("outside the country", "国境之外"),
    ("code of another district", "行政区划不属于本区"),
    ("unknown type", "目录中没有部件类别"),
    ("wrong datum", "坐标系似为GCJ-02"),
)


def places_in(collection: Row) -> list[tuple[str, Point]]:
    """Give the middle of each unit grid that holds today, in the order of their codes."""
    standing = [row for row in collection["features"] if not row["properties"]["valid_to"]]
    return sorted((row["properties"]["code"], _middle(row["geometry"])) for row in standing)


def write_file(places: Sequence[tuple[str, Point]], as_gcj02: dict[str, Point]) -> tuple[bytes, list[int]]:
    """Write the file; gives it, and for each fault the number of its first row.

    `as_gcj02` are the places of the last grids in that datum: they come with the code of their grid, though
    the file says that all of it is in CGCS2000.
    """
    good = ROWS - OF_EACH_FAULT * len(FAULTS)
    features = [_feature(_code(turn), places[turn % len(places)][1]) for turn in range(good)]
    firsts = []
    for make in _bad_rows(places, as_gcj02):
        firsts.append(len(features) + 1)
        features += [make(turn) for turn in range(OF_EACH_FAULT)]
    file = {"type": "FeatureCollection", "features": features}
    return json.dumps(file, ensure_ascii=False).encode(), firsts


def read_codes(exported: bytes) -> dict[str, Point]:
    """Read which components a file holds, and where they stand."""
    rows = json.loads(exported)["features"]
    return {row["properties"]["code"]: tuple(row["geometry"]["coordinates"]) for row in rows}


def good_rows(file: bytes) -> dict[str, Point]:
    """Give the rows of the file with which nothing is wrong."""
    features = json.loads(file)["features"][: ROWS - OF_EACH_FAULT * len(FAULTS)]
    return {row["properties"]["ObjID"]: tuple(row["geometry"]["coordinates"]) for row in features}


def _bad_rows(places: Sequence[tuple[str, Point]], as_gcj02: dict[str, Point]) -> list[Callable[[int], Row]]:
    shifted = list(as_gcj02.items())

    def in_another_datum(turn: int) -> Row:
        grid, point = shifted[turn]
        return _feature(_code(ROWS + 400 + turn), point, BGID=grid)

    return [
        lambda turn: _feature(_code(ROWS + turn), places[turn][1][::-1]),
        lambda turn: _feature(_code(ROWS + 100 + turn), _ABROAD),
        lambda turn: _feature(_code(ROWS + 200 + turn, district=_NEIGHBOUR), places[turn][1]),
        lambda turn: _feature(_code(ROWS + 300 + turn, kind=_NO_TYPE), places[turn][1]),
        in_another_datum,
    ]


def _feature(code: str, point: Sequence[float], **more: Any) -> Row:
    said = {"ObjID": code, "ObjState": "完好", "DataSource": "实测", **more}
    geometry = {"type": "Point", "coordinates": list(point)}
    return {"type": "Feature", "properties": said, "geometry": geometry}


def _code(serial: int, *, district: str = _DISTRICT, kind: str = TYPE[1:]) -> str:
    return f"{district}{kind}{serial + 1:06d}"


def _middle(geometry: Row) -> Point:
    ring = geometry["coordinates"][0][:-1]
    lng, lat = (sum(corner[axis] for corner in ring) / len(ring) for axis in (0, 1))
    return round(lng, 6), round(lat, 6)
