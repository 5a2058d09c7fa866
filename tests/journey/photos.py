"""Photos for tests: no two of them have the same bytes."""

from __future__ import annotations

import uuid

from city_demo.morning.pictures import photo_of

COMMENT = b"\xff\xfe"


def fresh_photo(label: str = "exposed_garbage", turn: int = 0, *, after: bool = False) -> bytes:
    """Give a photo that nobody has sent before."""
    return distinct(photo_of(label, turn, after=after))


def distinct(jpeg: bytes) -> bytes:
    """Put a comment of its own into a JPEG, so that its bytes are new while its picture stays."""
    note = uuid.uuid4().bytes
    return jpeg[:2] + COMMENT + (len(note) + 2).to_bytes(2, "big") + note + jpeg[2:]
