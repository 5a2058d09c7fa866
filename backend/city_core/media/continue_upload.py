"""A phone sends the next bytes of a photo; what arrived of them is kept, even when the link breaks."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.media.add_piece import add_piece, offset_wrong
from city_core.media.finish_upload import finish_upload
from city_core.media.room import ROOM, Guest
from city_core.media.uploads import find_upload
from city_core.people.roles import Actor

HASHES = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}
_PIECE_BYTES = 256_000  # what a killed process loses at most
_PIECE_TIME = timedelta(seconds=5)  # and how long a slow link waits until its bytes are kept


@dataclass(frozen=True)
class Checksum:
    """What a phone says that the bytes of one request have: sha1 or sha256, and the digest."""

    algorithm: str
    digest: bytes


@dataclass
class _Incoming:
    city: City
    row: Row
    guest: Guest
    held: bytearray

    def take(self, chunk: bytes) -> None:
        left = self.row["length_bytes"] - self.row["offset_bytes"] - len(self.held)
        if len(chunk) > left:
            raise too_long(self.row)
        self.guest.take(len(chunk))
        self.held += chunk

    async def keep(self) -> None:
        if self.held:
            self.row = await add_piece(self.city, self.row, bytes(self.held))
            self.guest.give_back(len(self.held))
            self.held.clear()


async def continue_upload(
    city: City,
    actor: Actor,
    upload_id: str,
    offset_bytes: int,
    chunks: AsyncIterator[bytes],
    *,
    content_length: int | None = None,
    checksum: Checksum | None = None,
) -> Row:
    """Add the bytes of one request to an upload; with the last byte the photo is taken in.

    Bytes with a checksum are kept all together or not at all; without one they are kept as they come. A link
    that breaks is told as PHOTO_INTERRUPTED, after what came over it was kept.
    """
    row = await find_upload(city, actor, upload_id)
    if row["offset_bytes"] != offset_bytes:
        raise offset_wrong(row["offset_bytes"])
    if content_length is not None and offset_bytes + content_length > row["length_bytes"]:
        raise too_long(row)
    with ROOM.guest(city.settings, row["owner_id"]) as guest:
        incoming = _Incoming(city, row, guest, bytearray())
        if checksum is None:
            await _keep_as_it_comes(incoming, chunks)
        else:
            await _keep_if_it_fits(incoming, chunks, checksum)
    if incoming.row["offset_bytes"] == row["length_bytes"]:
        return await finish_upload(city, incoming.row)
    return incoming.row


async def _keep_as_it_comes(incoming: _Incoming, chunks: AsyncIterator[bytes]) -> None:
    clock = incoming.city.clock
    keep_at = clock.now() + _PIECE_TIME
    try:
        async for chunk in chunks:
            incoming.take(chunk)
            if len(incoming.held) >= _PIECE_BYTES or clock.now() >= keep_at:
                await incoming.keep()
                keep_at = clock.now() + _PIECE_TIME
    except CityProblem as problem:
        if problem.code in ("PHOTO_INTERRUPTED", "BUSY"):
            await incoming.keep()
        raise
    await incoming.keep()


async def _keep_if_it_fits(incoming: _Incoming, chunks: AsyncIterator[bytes], checksum: Checksum) -> None:
    async for chunk in chunks:
        incoming.take(chunk)
    if HASHES[checksum.algorithm](incoming.held).digest() != checksum.digest:
        raise CityProblem("CHECKSUM_WRONG", field="Upload-Checksum", allowed="the bytes of this request")
    await incoming.keep()


def too_long(row: Row) -> CityProblem:
    """Make the refusal of more bytes than were announced."""
    return CityProblem(
        "PHOTO_TOO_LARGE", field="photo", allowed=f"{row['length_bytes']:,} bytes, as announced"
    )
