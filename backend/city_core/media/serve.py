"""Gives out our own copies of photos, never the original."""

from __future__ import annotations

from dataclasses import dataclass

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.media.files import read_file
from city_core.media.store import COLLECTION
from city_core.media.stores.port import FileGone

_FILE_OF_SIZE = {"large": "large_file", "small": "small_file"}


@dataclass(frozen=True)
class Rendition:
    """One copy of a photo as JPEG, with a mark that changes when the bytes do."""

    data: bytes
    content_type: str
    etag: str


async def read_rendition(city: City, photo: Row, size: str) -> Rendition:
    """Read the copy of 2048 (`large`) or 640 pixels (`small`) of a photo that is ready."""
    if size not in _FILE_OF_SIZE:
        raise CityProblem("REQUEST_INVALID", field="size", allowed=", ".join(_FILE_OF_SIZE))
    field = _FILE_OF_SIZE[size]
    row = await city.database[COLLECTION].find_one({"_id": photo["_id"]}, {field: 1, "sha256": 1})
    if row is None or row[field] is None:
        raise CityProblem("PHOTO_UNKNOWN")
    try:
        data = await read_file(city, row, field)
    except FileGone as error:
        raise CityProblem("PHOTO_UNKNOWN") from error
    return Rendition(data, "image/jpeg", f'"{row["sha256"][:32]}-{size}"')
