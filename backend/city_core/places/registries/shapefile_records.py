"""What the records of a .shp say of themselves, looked at before a reader makes room for as much."""

from __future__ import annotations

import struct
from pathlib import Path

from city_core.places.geometry import MOST_CORNERS
from city_core.places.registries.faults import BadFile

_HEAD_BYTES, _RECORD_HEAD_BYTES, _BOX_BYTES = 100, 8, 36
_OF_PARTS = frozenset({3, 5, 13, 15, 23, 25, 31})  # lines and areas: numbers of parts and of points
_OF_POINTS = frozenset({8, 18, 28})  # many points: their number alone
_MOST_POINTS = 10 * MOST_CORNERS  # one row too large is a bad row, far too large a bad file


def check_records(path: Path) -> None:
    """Refuse a .shp in which a shape says that it has far more parts or corners than any may have."""
    size = path.stat().st_size
    with path.open("rb") as file:
        at = _HEAD_BYTES
        while at + _RECORD_HEAD_BYTES <= size:
            file.seek(at)
            head = file.read(_RECORD_HEAD_BYTES + _BOX_BYTES + 8)
            number, words = struct.unpack_from(">2i", head)
            if words < 2 or max(_counts(head[_RECORD_HEAD_BYTES:]), default=0) > _MOST_POINTS:
                raise BadFile(
                    "Shapefile中的图形过大或损坏", "a shape in the Shapefile is too large, or damaged", number
                )
            at += _RECORD_HEAD_BYTES + 2 * words


def _counts(content: bytes) -> tuple[int, ...]:
    """Read how many parts and points a shape says it has; a negative number is as bad as a large one."""
    [kind] = struct.unpack_from("<i", content) if len(content) >= 4 else (0,)
    form = "<2I" if kind in _OF_PARTS else "<I" if kind in _OF_POINTS else ""
    if not form or len(content) < _BOX_BYTES + struct.calcsize(form):
        return ()
    return struct.unpack_from(form, content, _BOX_BYTES)
