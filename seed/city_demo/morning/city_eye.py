"""Machines report 城市之眼: a camera sees one stall in 40 frames, a drone flies over; a person confirms."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from city_demo.morning.crew import CLERK, KEEPER_OF_KEYS
from city_demo.morning.pictures import photo_of, view_of_a_camera
from city_demo.morning.twist import Twist
from city_demo.morning.watch import Row, Stuck
from city_demo.phones import Administrator, Seat
from city_demo.phones.camera import frame_of
from city_demo.phones.machine import Frame
from city_demo.phones.phone import fresh_id

_CAMERA_FRAMES, _FRAMES_A_SECOND = 40, 2
# What the drone sees from spot to spot, 12 m apart: one heap from three of them, a puddle, tidy streets.
_FLIGHT = (
    ("exposed_garbage_2", False), ("exposed_garbage_2", False), ("exposed_garbage_2", False),
    ("misparked_vehicle_2", True), ("vendor_stall_2", True), ("waterlogging_1", False),
    ("damaged_manhole_1", True), ("illegal_small_ads_2", True),
)  # fmt: skip
_TAKE_OFF = (118.0270, 36.8215)
_SPOT_DEGREES = 0.000135
_LIMIT_S = 90.0
_SETTLED_S = 3.0
_LOOK_EVERY_S = 0.2


class CityEye(Twist):
    """The report is an event of machines; from then on the case goes the plain way."""

    _event: Row = {}
    _last_sightings = 0
    _changed_monotonic = 0.0

    async def before_report(self) -> None:
        """Let the machines in, hand in what they saw, and wait until models have looked at it."""
        keeper = await self.crew.phone(KEEPER_OF_KEYS, Administrator)
        seat = await self.crew.phone(CLERK, Seat)
        await self._fly(keeper, seat)
        await self._watch_the_stall(keeper, seat)

    async def report(self, picture: bytes) -> Row:
        """Have a seat confirm the event: a case is made of it, unless one about it is open already."""
        seat = await self.crew.phone(CLERK, Seat)
        event = self._event
        if event["caseId"] is None:
            event = await seat.confirm_event(event["id"], "画面清晰，确认占道经营")
        self.counts["cases"] += event["caseId"] is not None
        told = f"{self.counts['camera_frames']} frames, {self.counts['kept']} kept, one event"
        self.watch.note(f"城市之眼 {told}, confirmed by a seat", is_kept=True)
        return dict(await seat.case(event["caseId"]) or {})

    async def _watch_the_stall(self, keeper: Administrator, seat: Seat) -> None:
        machine = self.crew.machine(await keeper.machine_key("演示视频平台", "VIDEO_PLATFORM"))
        camera = f"demo-{fresh_id()}"
        frames = await asyncio.to_thread(self._frames, camera)
        answer = await machine.hand_in(frames)
        kept = answer["accepted"]
        self.counts.update(camera_frames=len(frames), kept=kept, thinned=answer["thinned"])

        async def is_raised() -> bool:
            events = await seat.events_of(camera)
            raised = [row for row in events if row["state"] != "GLIMPSED"]
            if not self._is_settled(sum(row["sightings"] for row in events), kept) or not raised:
                return False
            self._event = raised[0]
            self.counts["events"] += len(events)
            self.counts["sightings"] += raised[0]["sightings"]
            return True

        await self._until(is_raised, "the event of a camera")

    def _is_settled(self, sightings: int, kept: int) -> bool:
        """Tell whether all kept frames were seen, or no further one has been for a while."""
        if sightings != self._last_sightings:
            self._last_sightings, self._changed_monotonic = sightings, time.monotonic()
        return sightings >= kept or time.monotonic() - self._changed_monotonic > _SETTLED_S

    def _frames(self, camera: str) -> list[Frame]:
        scene = view_of_a_camera()
        begin = datetime.now(UTC) - timedelta(seconds=_CAMERA_FRAMES / _FRAMES_A_SECOND)
        return [
            Frame(
                f"{camera}-{turn}", camera, begin + timedelta(seconds=turn / _FRAMES_A_SECOND),
                self.story.point, frame_of(scene, turn),
            )
            for turn in range(_CAMERA_FRAMES)
        ]  # fmt: skip

    async def _fly(self, keeper: Administrator, seat: Seat) -> None:
        machine = self.crew.machine(await keeper.machine_key("演示无人机", "DRONE"))
        flight = f"demo-{fresh_id()}"
        begin = datetime.now(UTC) - timedelta(minutes=1)
        frames = [
            Frame(
                f"{flight}-{turn}", "drone", begin + timedelta(seconds=2 * turn),
                (_TAKE_OFF[0] + turn * _SPOT_DEGREES, _TAKE_OFF[1]),
                photo_of(label, 0, after=is_tidy), flight,
            )
            for turn, (label, is_tidy) in enumerate(_FLIGHT)
        ]  # fmt: skip
        answer = await machine.hand_in(frames)
        self.counts["flight_frames"] += answer["accepted"]

        async def is_seen() -> bool:
            batch = await seat.flight(flight)
            if batch is None or batch["waiting"]:
                return False
            if any(event["state"] == "GLIMPSED" for event in batch["events"]):
                return False
            await self._put_away(seat, batch)
            return True

        await self._until(is_seen, "the finds of a flight")

    async def _put_away(self, seat: Seat, batch: Row) -> None:
        """Note what the flight brought, and decide on it, so that nothing is left for the next morning."""
        self.counts["flight_seen"] += batch["seen"]
        self.counts["flight_events"] += len(batch["events"])
        self.counts["flight_sightings"] += sum(row["frames"] for row in batch["finds"])
        for event in batch["events"]:
            if event["state"] == "CANDIDATE":
                await seat.dismiss_event(event["id"], "演示航次，现场已清理")
                self.counts["dismissed"] += 1

    async def _until(self, holds: Callable[[], Awaitable[bool]], what: str) -> None:
        deadline = time.monotonic() + _LIMIT_S
        while not await holds():
            if time.monotonic() > deadline:
                raise Stuck(f"{self.watch.sentence()}: waited {_LIMIT_S:.0f} s for {what}.")
            await asyncio.sleep(_LOOK_EVERY_S)
