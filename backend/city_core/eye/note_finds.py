"""What a model saw in a frame is noted: a sighting of an event that is known, or a new event."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from datetime import timedelta

from city_core.cases.workflow import OPEN_STATES
from city_core.detection.classes import ClassRules, class_rules_of
from city_core.detection.queries import finds_of_photos
from city_core.eye.classes import worth_an_event
from city_core.eye.model import EVENTS, FRAMES, LANES, EventState, FrameState
from city_core.eye.rules import EYE_RULES, EyeRule
from city_core.eye.sameness import same_event
from city_core.eye.sightings import another_sighting, new_event
from city_core.kit.city import City
from city_core.kit.geo import EARTH_RADIUS_M
from city_core.kit.mongo import DuplicateKeyError, Row, Session, in_transaction
from city_core.kit.rulebook.store import open_rules
from city_core.kit.work import WorkItem, wakes_for

_MOST_LOOKED_AT = 50


async def note_finds(city: City, photo_id: str) -> None:
    """Note what was seen in a frame, once: its events, and that it was looked at, are written as one.

    Whoever notes finds of the same camera at the same moment takes turns (`eye_lanes`): the second one sees
    what the first one wrote, so that both add to one event.
    """
    waiting = {"photo_id": photo_id, "state": FrameState.WAITING.value}
    frame = await city.database[FRAMES].find_one(waiting)
    if frame is None:
        return
    seen = (await finds_of_photos(city, {photo_id: frame["source_id"]})).get(photo_id)
    if seen is None:
        return
    source = await city.database.machine_sources.find_one({"_id": frame["source_id"]}, {"kind": 1})
    if source is None:
        return
    rule = (await open_rules(city, EYE_RULES)).rules[source["kind"]]
    classes = (await class_rules_of(city)).rules
    noting = _Noting(city, frame, rule, classes, seen)

    await noting.open_lanes()
    for event in await in_transaction(city.database, noting.write):
        items = [WorkItem(row["kind"], row["key"], row["due_at"]) for row in event["work"]]
        for wake in wakes_for(EVENTS, event["_id"], items):
            city.waker.wake(wake)


class _Noting:
    """One frame with its finds, on the way into the events."""

    def __init__(self, city: City, frame: Row, rule: EyeRule, classes: ClassRules, seen: Row) -> None:
        self.city, self.frame, self.rule, self.classes = city, frame, rule, classes
        self.finds = worth_an_event(classes, seen["boxes"])
        self.model_version: str = seen["model_version"]

    async def open_lanes(self) -> None:
        """Make sure that the lanes are there: two who make one at once would undo each other's writes."""
        for lane in self._lanes():
            with contextlib.suppress(DuplicateKeyError):
                await self.city.database[LANES].update_one(
                    {"_id": lane}, {"$setOnInsert": {"turns": 0}}, upsert=True
                )

    async def write(self, session: Session) -> list[Row]:
        """Write the frame and its events; answers the events that now ask for something."""
        for lane in self._lanes():
            await self.city.database[LANES].update_one({"_id": lane}, {"$inc": {"turns": 1}}, session=session)
        noted = await self._events(session)
        changes = {
            "state": FrameState.SEEN.value, "finds": list(self.finds), "model_version": self.model_version,
            "event_ids": sorted(noted),
        }  # fmt: skip
        if noted:  # what shows something is kept as long as somebody may want to see it
            held = timedelta(days=self.city.settings.eye_find_days)
            changes["expires_at"] = self.frame["received_at"] + held
        result = await self.city.database[FRAMES].update_one(
            {"_id": self.frame["_id"], "state": FrameState.WAITING.value}, {"$set": changes}, session=session
        )
        if not result.modified_count:  # somebody else has noted it meanwhile
            await session.abort_transaction()
            return []
        return [event for event in noted.values() if event["work"]]

    async def _events(self, session: Session) -> dict[str, Row]:
        noted: dict[str, Row] = {}
        for box in self.finds:
            known = [*await self._known(box["label"], noted, session), *_of_label(noted, box["label"])]
            found = same_event(known, self.frame, box, self.rule)
            if found is None:
                event = new_event(
                    self.city,
                    self.frame,
                    box,
                    self.rule,
                    self.model_version,
                    self.classes.by_label[box["label"]],
                )
                await self.city.database[EVENTS].insert_one(event, session=session)
                noted[event["_id"]] = event
            elif found["_id"] not in noted:  # once a frame, be it seen twice in it
                event = another_sighting(self.city, found, self.frame, box, self.rule, self.model_version)
                await self.city.database[EVENTS].replace_one({"_id": event["_id"]}, event, session=session)
                noted[event["_id"]] = event
        return noted

    def _lanes(self) -> list[str]:
        if not self.finds:
            return []
        if self.rule.is_moving:
            return sorted({f"moving:{box['label']}" for box in self.finds})
        return [f"camera:{self.frame['source_id']}:{self.frame['camera_id']}"]

    async def _known(self, label: str, without: dict[str, Row], session: Session) -> list[Row]:
        """Find the events that a find may show again; what an ended case was about may come back anew."""
        span, taken_at = self.rule.same_event_within, self.frame["taken_at"]
        query: Row = {
            "label": label,
            "state": {"$ne": EventState.EXPIRED.value},
            "first_seen_at": {"$lte": taken_at + span},
            "last_seen_at": {"$gte": taken_at - span},
            **self._where(),
        }
        rows = self.city.database[EVENTS].find(query, session=session).sort("last_seen_at", -1)
        found = [row for row in await rows.to_list(_MOST_LOOKED_AT) if row["_id"] not in without]
        ended = await self._ended([row["case_id"] for row in found if row["case_id"] is not None])
        return [row for row in found if row["case_id"] not in ended]

    def _where(self) -> Row:
        if not self.rule.is_moving:
            return {
                "source_id": self.frame["source_id"], "camera_id": self.frame["camera_id"],
                "is_moving": False,
            }  # fmt: skip
        around = [self.frame["place"]["point"]["coordinates"], self.rule.same_event_m / EARTH_RADIUS_M]
        return {"is_moving": True, "place.point": {"$geoWithin": {"$centerSphere": around}}}

    async def _ended(self, case_ids: Sequence[str]) -> set[str]:
        if not case_ids:
            return set()
        query = {"_id": {"$in": list(case_ids)}, "state": {"$nin": sorted(OPEN_STATES)}}
        return {row["_id"] async for row in self.city.database.cases.find(query, {"_id": 1})}


def _of_label(events: dict[str, Row], label: str) -> list[Row]:
    return [event for event in events.values() if event["label"] == label]
