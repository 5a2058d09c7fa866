"""Which of the frames that a source announces are kept: known ones, and those too close to one, are not."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from city_core.eye.given_frames import GivenFrame, Outcome, refused
from city_core.eye.model import CAMERAS, FRAMES, FrameState
from city_core.eye.rules import EYE_RULES, EyeRule
from city_core.eye.slots import slot_of
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import open_rules
from city_core.places.given import GivenPoint, PointSource, checked_wgs84
from city_core.places.locate import locate


@dataclass(frozen=True)
class Planned:
    """A frame that is to be kept once its picture has arrived."""

    row: Row
    given: GivenFrame


async def plan_frames(
    city: City, source: Row, frames: Sequence[GivenFrame]
) -> tuple[dict[str, Planned], list[Outcome]]:
    """Tell by frame id which frames are to be kept, and what became of the others; writes nothing."""
    rule = (await open_rules(city, EYE_RULES)).rules[source["kind"]]
    planning = _Planning(city, source, rule)
    return await planning.plan(sorted(frames, key=lambda frame: frame.taken_at))


def photo_id_of(source_id: str, frame_id: str) -> str:
    """Name the photo of a frame: the same frame has the same photo, however often it comes."""
    return hashlib.sha256(f"{source_id}:{frame_id}".encode()).hexdigest()[:32]


class _Planning:
    """One request's frames on the way to a decision, with as few questions to MongoDB as they allow."""

    def __init__(self, city: City, source: Row, rule: EyeRule) -> None:
        self.city, self.source, self.rule = city, source, rule
        self.outcomes: list[Outcome] = []
        self._places: dict[GivenPoint, Row | CityProblem] = {}

    async def plan(self, frames: Sequence[GivenFrame]) -> tuple[dict[str, Planned], list[Outcome]]:
        fresh = await self._without_known(frames)
        placed = await self._with_points(fresh)
        chosen = await self._one_a_slot(placed)
        planned: dict[str, Planned] = {}
        for frame, point, slot in chosen:
            found = await self._place(point)
            if isinstance(found, CityProblem):
                self.outcomes.append(refused(frame.frame_id, found))
            else:
                planned[frame.frame_id] = Planned(self._row(frame, found, slot), frame)
        return planned, self.outcomes

    async def _without_known(self, frames: Sequence[GivenFrame]) -> list[GivenFrame]:
        """Leave out what was kept or refused before; a frame whose picture never arrived comes anew."""
        ids = [f"{self.source['_id']}:{frame.frame_id}" for frame in frames]
        fields = {"frame_id": 1, "state": 1, "refusal": 1, "photo_id": 1}
        rows = self.city.database[FRAMES].find({"_id": {"$in": ids}}, fields)
        known = {row["frame_id"]: row async for row in rows}
        photo_ids = [row["photo_id"] for row in known.values()]
        found = self.city.database.photos.find({"_id": {"$in": photo_ids}}, {"_id": 1}) if photo_ids else None
        arrived = {row["_id"] async for row in found} if found is not None else set()
        fresh = []
        for frame in frames:
            row = known.get(frame.frame_id)
            if row is not None and row["state"] == FrameState.REFUSED:
                self.outcomes.append(refused(frame.frame_id, CityProblem(row["refusal"], field="photo")))
            elif row is not None and (row["photo_id"] in arrived or row["state"] == FrameState.SEEN):
                self.outcomes.append(Outcome(frame.frame_id, "DUPLICATE"))
            else:
                fresh.append(frame)
        return fresh

    async def _with_points(self, frames: Sequence[GivenFrame]) -> list[tuple[GivenFrame, GivenPoint]]:
        """Give each frame its point: its own, or where its camera stands."""
        known = await self._cameras({frame.camera_id for frame in frames if frame.point is None})
        placed = []
        for frame in frames:
            camera = known.get(f"{self.source['_id']}:{frame.camera_id}")
            if frame.point is not None:
                placed.append((frame, frame.point))
            elif camera is not None:
                placed.append((frame, _point_of(camera)))
            else:
                problem = CityProblem("PLACE_INVALID", field="lng", allowed="lng and lat of the camera")
                self.outcomes.append(refused(frame.frame_id, problem))
        return placed

    async def _cameras(self, camera_ids: Collection[str]) -> dict[str, Row]:
        if self.rule.is_moving or not camera_ids:
            return {}
        ids = {"_id": {"$in": [f"{self.source['_id']}:{camera_id}" for camera_id in sorted(camera_ids)]}}
        return {row["_id"]: row async for row in self.city.database[CAMERAS].find(ids)}

    async def _one_a_slot(
        self, frames: Sequence[tuple[GivenFrame, GivenPoint]]
    ) -> list[tuple[GivenFrame, GivenPoint, str]]:
        slots = [(frame, point, self._slot(frame, point)) for frame, point in frames]
        query = {
            "source_id": self.source["_id"],
            "camera_id": {"$in": sorted({frame.camera_id for frame, _, _ in slots})},
            "slot": {"$in": sorted({slot for _, _, slot in slots}), "$type": "string"},
        }
        fields = {"_id": 0, "camera_id": 1, "slot": 1, "frame_id": 1}
        rows = self.city.database[FRAMES].find(query, fields) if slots else None
        taken = {(row["camera_id"], row["slot"]): row["frame_id"] async for row in rows} if rows else {}
        chosen = []
        for frame, point, slot in slots:
            if taken.setdefault((frame.camera_id, slot), frame.frame_id) == frame.frame_id:
                chosen.append((frame, point, slot))
            else:
                self.outcomes.append(Outcome(frame.frame_id, "THINNED"))
        return chosen

    def _slot(self, frame: GivenFrame, point: GivenPoint) -> str:
        lng, lat = checked_wgs84(point)["coordinates"]
        return slot_of(self.rule, frame.taken_at, (lng, lat), frame.flight_id, frame.heading)

    async def _place(self, point: GivenPoint) -> Row | CityProblem:
        if point not in self._places:
            try:
                self._places[point] = self._allowed(await locate(self.city, point))
            except CityProblem as problem:
                self._places[point] = problem
        return self._places[point]

    def _allowed(self, place: Row) -> Row:
        streets = self.source["street_codes"]
        if streets and place["street_code"] not in streets:
            raise CityProblem("NOT_ALLOWED", field="place", allowed="the streets of this source")
        return place

    def _row(self, frame: GivenFrame, place: Row, slot: str) -> dict[str, Any]:
        return {
            "_id": f"{self.source['_id']}:{frame.frame_id}",
            "source_id": self.source["_id"],
            "frame_id": frame.frame_id,
            "camera_id": frame.camera_id,
            "flight_id": frame.flight_id,
            "slot": slot,
            "taken_at": frame.taken_at,
            "heading": frame.heading,
            "place": place,
            "photo_id": photo_id_of(self.source["_id"], frame.frame_id),
            "state": FrameState.WAITING.value,
            "refusal": None,
            "finds": [],
            "model_version": None,
            "event_ids": [],
        }


def _point_of(camera: Row) -> GivenPoint:
    return GivenPoint(camera["lng"], camera["lat"], camera["datum"], source=PointSource.SENSOR.value)
