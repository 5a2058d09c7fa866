"""Forty frames a second of one camera for a minute, in real time: how many events, and what phones notice.

Part of `python -m tests.bench`; `python -m tests.bench.eye_minute` takes this measurement alone.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx

from city_demo.morning.pictures import photo_of
from city_demo.phones import InspectorPhone, Seat
from tests.bench.figures import Figures, keep, machine, percentile, spread
from tests.bench.town import Town, open_town
from tests.journey.photos import distinct
from tests.waiting import until

FRAMES_A_SECOND, SECONDS, QUIET_READS, PAUSE_S = 40, 60, 150, 0.1
KEEPER_OF_KEYS = "security-administrator-001"
LABEL = "exposed_garbage"
Told = Callable[[], None]


async def eye_minute(town: Town, told: Told, seconds: int = SECONDS) -> Figures:
    """Hand frames of one thing in at full rate while an inspector reads a task list all the time."""
    await town.is_idle()
    grid = town.any_grid()
    inspector = await town.crew.phone(town.inspector_of(grid), InspectorPhone)
    key = await _let_in(town)
    await _reads(inspector, lambda number: number < 10)
    quiet = await _reads(inspector, lambda number: number < QUIET_READS)
    counts: Counter[str] = Counter()
    handing = asyncio.create_task(_hand_in(town, key, seconds, counts, told))
    busy = await _reads(inspector, lambda _: not handing.done())
    slowest_request = await handing
    await _all_seen(town)
    events = list(town.city.database.eye_events.find({}))
    kept = town.city.database.eye_frames.count_documents({})
    return {
        "frames": seconds * FRAMES_A_SECOND,
        **counts,
        "kept": kept,
        "seen": town.city.database.eye_frames.count_documents({"state": "SEEN"}),
        "events": len(events),
        "sightings": [event["sightings"] for event in events],
        "states": [event["state"] for event in events],
        "slowest_request_ms": round(slowest_request * 1000, 1),
        "task_list_quiet": spread(quiet, 0.5, 0.95),
        "task_list_under_load": spread(busy, 0.5, 0.95),
        "p95_under_load_over_quiet": round(percentile(busy, 0.95) / percentile(quiet, 0.95), 2),
    }


async def _let_in(town: Town) -> str:
    desk = await town.crew.phone(KEEPER_OF_KEYS, Seat)
    desk.app = "administrator"
    given = {"clientId": str(uuid.uuid4()), "name": "视频平台", "kind": "VIDEO_PLATFORM"}
    return str((await desk.send("createMachineSource", given))["key"])


async def _hand_in(town: Town, key: str, seconds: int, counts: Counter[str], told: Told) -> float:
    """Send a second's frames each second, as a platform that gathers them; answers the slowest request."""
    picture, slowest = photo_of(LABEL, 0, after=False), 0.0
    lng, lat = town.any_grid()["centre"]["coordinates"]
    began_at, began = datetime.now(UTC), time.monotonic()
    headers = {"authorization": f"Machine {key}"}
    async with httpx.AsyncClient(base_url=town.city.url, timeout=30, trust_env=False) as http:
        for second in range(seconds):
            rows = [
                {
                    "frameId": f"{second}-{turn}", "cameraId": "cam-1", "lng": lng, "lat": lat,
                    "takenAt": (began_at + timedelta(seconds=second + turn / FRAMES_A_SECOND)).isoformat(),
                }
                for turn in range(FRAMES_A_SECOND)
            ]  # fmt: skip
            parts = [("frames", (None, json.dumps(rows)))]
            files = [(row["frameId"], ("f.jpg", distinct(picture), "image/jpeg")) for row in rows]
            await asyncio.sleep(max(0.0, began + second + 1 - time.monotonic()))
            sent = time.monotonic()
            answer = await http.post("/eye/frames", files=[*parts, *files], headers=headers)
            slowest = max(slowest, time.monotonic() - sent)
            assert answer.status_code == 200, answer.text
            told_of = answer.json()
            counts.update({name: told_of[name] for name in ("accepted", "thinned", "duplicate", "refused")})
            told()
    return slowest


async def _reads(phone: InspectorPhone, goes_on: Callable[[int], bool]) -> list[float]:
    taken: list[float] = []
    while goes_on(len(taken)):
        began = time.monotonic()
        await phone.my_tasks()
        taken.append(time.monotonic() - began)
        await asyncio.sleep(PAUSE_S)
    return taken


async def _all_seen(town: Town) -> None:
    waiting = {"state": "WAITING"}
    database = town.city.database
    await until(
        lambda: (
            not database.eye_frames.count_documents(waiting)
            and not database.eye_events.count_documents({"work.0": {"$exists": True}})
        ),
        "every frame seen",
        seconds=120,
    )


async def _alone() -> Figures:
    async with open_town() as town:
        return {"machine": machine(), **await eye_minute(town, lambda: None)}


def main() -> int:
    """Measure, print, and keep the figures."""
    results = asyncio.run(_alone())
    print(json.dumps(results, ensure_ascii=False, indent=2))
    keep("eye_minute", results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
