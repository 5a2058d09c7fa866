"""Machines for tests: a source, its frames, and what a model would see in them."""

from __future__ import annotations

import io
import os
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from PIL import Image

from city_core.cases.command import Command
from city_core.detection.look import keep_finds
from city_core.eye.given_frames import GivenFrame, Outcome
from city_core.eye.keep_frame import keep_frame
from city_core.eye.model import SourceKind
from city_core.eye.plan_frames import photo_id_of, plan_frames
from city_core.eye.sources import IssuedKey, NewSource, create_machine_source
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor
from city_core.places.locate import GivenPoint
from tests.village import INSIDE

GARBAGE = {
    "label": "exposed_garbage", "confidence": 0.7, "x": 0.4, "y": 0.4, "width": 0.2, "height": 0.2,
}  # fmt: skip


async def a_source(
    city: City, administrator: Actor, kind: SourceKind = SourceKind.VIDEO_PLATFORM, **given: Any
) -> IssuedKey:
    """Let a machine in."""
    wanted = {"name": "视频平台", "street_codes": [], "frames_per_minute": 6_000, **given}
    new = NewSource(kind=kind, **wanted)
    return await create_machine_source(city, administrator, Command(str(uuid.uuid4()), None, "web"), new)


async def hand_in(
    city: City,
    source: Row,
    frame_id: str,
    taken_at: datetime,
    *,
    camera: str = "cam-1",
    point: tuple[float, float] | None = INSIDE,
    flight: str | None = None,
) -> Outcome:
    """Hand in one frame, past the API."""
    given = GivenPoint(*point) if point is not None else None
    frame = GivenFrame(frame_id, camera, taken_at, given, None, flight)
    planned, outcomes = await plan_frames(city, source, [frame])
    if outcomes:
        return outcomes[0]
    return await keep_frame(city, planned[frame_id], a_frame())


async def see(city: City, source: Row, frame_id: str, boxes: Sequence[Row] = (GARBAGE,)) -> str:
    """Write down what a model saw in a frame, as the detection worker would; answers the photo's id."""
    photo_id = photo_id_of(source["_id"], frame_id)
    await see_photo(city, photo_id, boxes)
    return photo_id


async def see_photo(city: City, photo_id: str, boxes: Sequence[Row] = (GARBAGE,)) -> None:
    """Write down what a model saw in a photo."""
    seen = {"state": "READY", "looked_by": "test-1", "work": []}
    photo = await city.database.photos.find_one_and_update({"_id": photo_id}, {"$set": seen})
    assert photo is not None
    await keep_finds(city, photo["sha256"], "test-1", boxes)


def a_frame() -> bytes:
    """Make a small picture that no other has the bytes of."""
    out = io.BytesIO()
    Image.frombytes("RGB", (16, 12), os.urandom(16 * 12 * 3)).resize((64, 48)).save(out, "JPEG")
    return out.getvalue()
