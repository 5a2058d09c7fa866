"""A machine hands in frames in bulk: what is kept is decided on the list, before any picture is read."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import timedelta

from city_core.eye.given_frames import MOST_LIST_BYTES, Outcome, read_list, refused
from city_core.eye.keep_frame import keep_frame
from city_core.eye.plan_frames import Planned, plan_frames
from city_core.eye.pressure import check_pressure
from city_core.eye.sources import source_of_key
from city_core.kit.city import City
from city_core.kit.mongo import DuplicateKeyError, Row, quickly
from city_core.kit.problems import CityProblem
from city_core.media.room import Guest

_MINUTE = timedelta(minutes=1)


async def admit_source(city: City, key: str) -> Row:
    """Let a source in by its key; while too many photos wait already, it is asked to come again."""
    source = await source_of_key(city, key)
    await check_pressure(city)
    return source


class FramesAtHand:
    """One request's frames while they come in; it holds the bytes of one kept picture at a time."""

    def __init__(self, city: City, source: Row, guest: Guest) -> None:
        self._city, self._source, self._guest = city, source, guest
        self._most_bytes = city.settings.upload_limit_bytes
        self._order: list[str] | None = None
        self._planned: dict[str, Planned] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._list = io.BytesIO()
        self._data = io.BytesIO()
        self._is_too_large = False

    @property
    def is_listed(self) -> bool:
        """Tell whether the list has come: it has to be the first part."""
        return self._order is not None

    def add_to_list(self, chunk: bytes) -> None:
        """Take a piece of the list."""
        if self._list.tell() + len(chunk) > MOST_LIST_BYTES:
            raise CityProblem("REQUEST_INVALID", field="frames", allowed=f"{MOST_LIST_BYTES:,} bytes")
        self._list.write(chunk)

    async def end_list(self) -> None:
        """Decide on every frame of the list, and count them against what the source may hand in."""
        frames, outcomes = read_list(self._list.getvalue(), self._city.clock.now())
        self._order = [frame.frame_id for frame in frames] + [one.frame_id for one in outcomes]
        await _count_frames(self._city, self._source, len(self._order))
        self._planned, others = await plan_frames(self._city, self._source, frames)
        self._note([*outcomes, *others])

    def add_to_picture(self, frame_id: str, chunk: bytes) -> None:
        """Take a piece of a picture; what is not to be kept is passed over."""
        if frame_id not in self._planned or self._is_too_large:
            return
        if self._data.tell() + len(chunk) > self._most_bytes:
            self._is_too_large = True
            return
        self._guest.take(len(chunk))
        self._data.write(chunk)

    async def end_picture(self, frame_id: str) -> None:
        """Keep a picture that has come whole."""
        planned = self._planned.pop(frame_id, None)
        data, self._data = self._data.getvalue(), io.BytesIO()
        is_too_large, self._is_too_large = self._is_too_large, False
        if planned is None:
            return
        if is_too_large:
            allowed = f"at most {self._most_bytes:,} bytes"
            outcome = refused(frame_id, CityProblem("PHOTO_TOO_LARGE", field="photo", allowed=allowed))
        elif not data:
            outcome = refused(frame_id, CityProblem("PHOTO_EMPTY", field="photo", allowed="a picture"))
        else:
            outcome = await keep_frame(self._city, planned, data)
        self._note([outcome])
        self._guest.give_back(self._guest.taken_bytes)

    def outcomes(self) -> list[Outcome]:
        """Tell what became of each frame; one whose picture did not come is refused."""
        missing = CityProblem("PHOTO_REQUIRED", field="photo", allowed="a part named by its frameId")
        self._note([refused(frame_id, missing) for frame_id in self._planned])
        return [self._outcomes[frame_id] for frame_id in self._order or ()]

    def _note(self, outcomes: Sequence[Outcome]) -> None:
        self._outcomes |= {outcome.frame_id: outcome for outcome in outcomes}


async def _count_frames(city: City, source: Row, count: int) -> None:
    """Count frames against what the source may hand in within a minute; lost counts do no harm."""
    now = city.clock.now()
    row_id = f"FRAMES:{source['_id']}:{now:%Y%m%d%H%M}"
    change = {"$inc": {"tries": count}, "$setOnInsert": {"expires_at": now + 2 * _MINUTE}}
    counts = quickly(city.database.try_counts)
    try:
        row = await counts.find_one_and_update({"_id": row_id}, change, upsert=True, return_document=True)
    except DuplicateKeyError:  # two made the row at the same moment
        row = await counts.find_one_and_update({"_id": row_id}, change, upsert=True, return_document=True)
    if row["tries"] > source["frames_per_minute"]:
        allowed = f"{source['frames_per_minute']:,} frames a minute"
        raise CityProblem("TOO_MANY_FRAMES", field="frames", allowed=allowed)
