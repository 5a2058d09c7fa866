"""At the end citizens look at photos of their cases 公开副本: by signed links, faces and plates veiled."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Sequence
from dataclasses import dataclass

import httpx
from PIL import Image, ImageChops

from city_demo.morning.crew import LEADER, Crew
from city_demo.morning.walk import Walk
from city_demo.phones import CitizenPhone, Seat
from city_demo.phones.album import open_link, photos_of
from city_demo.phones.phone import Row

_MOST_CASES = 8
# Of waiting for copies that are still to be veiled: for the first, then for another one.
_FIRST_LIMIT_S, _LIMIT_S = 30.0, 6.0
_CLEARLY_OTHER = 60  # of 256 shades
_OTHER_SHARE = 0.0005


@dataclass
class Looked:
    """What citizens were given: copies, how many of them differ from the clear one, and what was refused.

    `bare`: without any metadata. `forged`: links that were changed and opened nothing.
    """

    asked: int = 0
    copies: int = 0
    bare: int = 0
    veiled: int = 0
    forged: int = 0


async def look_at_photos(crew: Crew, walks: Sequence[Walk]) -> Looked:
    """Have citizens load the copies of their own cases; whoever leads the centre loads the clear ones."""
    leader = await crew.phone(LEADER, Seat)
    looked, deadline = Looked(), time.monotonic() + _FIRST_LIMIT_S
    for walk in [walk for walk in walks if walk.story.is_citizens][:_MOST_CASES]:
        phone = await crew.phone(walk.story.reporter, CitizenPhone)
        ready = [row for row in await photos_of(phone, walk.watch.case_id) if row["state"] == "READY"]
        clear = {row["mediaId"]: row for row in await photos_of(leader, walk.watch.case_id)}
        for row in ready[:1]:
            await _look(looked, row, clear[row["mediaId"]], deadline)
            deadline = min(deadline, time.monotonic() + _LIMIT_S)
    return looked


async def _look(looked: Looked, given: Row, clear: Row, deadline: float) -> None:
    looked.asked += 1
    copy = await open_link(given["smallUrl"], seconds=max(0.0, deadline - time.monotonic()))
    if copy.status_code != httpx.codes.OK:
        return
    looked.copies += 1
    url = given["smallUrl"]
    forged = await open_link(url[:-1] + ("A" if url[-1] != "A" else "B"))
    looked.forged += forged.status_code == httpx.codes.NOT_FOUND
    full = await open_link(clear["largeUrl"])
    is_bare, is_veiled = await asyncio.to_thread(_judge, copy.content, full.content)
    looked.bare += is_bare
    looked.veiled += is_veiled


def _judge(copy: bytes, full: bytes) -> tuple[bool, bool]:
    """Tell whether a copy is free of metadata, and whether a part of it was made unreadable."""
    with Image.open(io.BytesIO(copy)) as opened:
        said = set(opened.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        is_bare = not said and not opened.getexif()
        public = opened.convert("L")
    with Image.open(io.BytesIO(full)) as opened:
        other = opened.convert("L").resize(public.size)
    share = _share_of_other(public, other)
    return is_bare, share > _OTHER_SHARE


def _share_of_other(public: Image.Image, other: Image.Image) -> float:
    """Measure how much of a picture is clearly not as it was: compression changes every pixel a little."""
    apart = ImageChops.difference(public, other).histogram()
    return sum(apart[_CLEARLY_OTHER:]) / sum(apart)
