"""Gives out files of photos: whole, in part, or only their length and the mark of their bytes."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.media.copies import checked_photo_size
from city_core.media.files import file_length, read_part, read_reference, reference_in
from city_core.media.store import COLLECTION
from city_core.media.stores.port import FileGone


@dataclass(frozen=True)
class Rendition:
    """One copy of a photo as JPEG, with a mark that changes when the bytes do."""

    data: bytes
    content_type: str
    etag: str


@dataclass(frozen=True)
class GivenFile:
    """A file of a photo that somebody was let at; its bytes are not read yet.

    `etag` is a strong one: each file has a reference of its own and is written once. It tells nothing about
    the bytes themselves.
    """

    photo_id: str
    reference: str
    etag: str

    async def length(self, city: City) -> int:
        """Tell how many bytes it has; PHOTO_UNKNOWN where they are gone."""
        with _told():
            return await file_length(city, self.reference)

    async def part(self, city: City, start: int, count: int) -> bytes:
        """Read `count` bytes from `start` on, and in most stores no more than those."""
        with _told():
            return await read_part(city, self.reference, start, count)

    async def whole(self, city: City) -> bytes:
        """Read all of it."""
        with _told():
            return await read_reference(city, self.reference)


def given_file(photo: Row, field: str) -> GivenFile:
    """See the file that a field of a photo names."""
    reference = reference_in(photo, field)
    return GivenFile(photo["_id"], reference, f'"{hashlib.sha256(reference.encode()).hexdigest()[:32]}"')


async def read_rendition(city: City, photo: Row, size: str) -> Rendition:
    """Read the clear copy of 2048 (`large`) or 640 pixels (`small`) of a photo that is ready.

    It is for the city's own work; what people get to see is chosen by `copies.copy_for`.
    """
    field = f"{checked_photo_size(size)}_file"
    row = await city.database[COLLECTION].find_one({"_id": photo["_id"]}, {field: 1})
    if row is None or row.get(field) is None:
        raise CityProblem("PHOTO_UNKNOWN")
    return await as_rendition(city, given_file(row, field))


async def as_rendition(city: City, file: GivenFile) -> Rendition:
    """Read one of our own copies."""
    return Rendition(await file.whole(city), "image/jpeg", file.etag)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except FileGone as error:
        raise CityProblem("PHOTO_UNKNOWN") from error
