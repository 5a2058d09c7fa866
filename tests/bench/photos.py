"""The whole path of photos, from phones to the copy for citizens; how soon advice comes; what engines take.

Part of `python -m tests.bench`; `python -m tests.bench.photos [--photos 24]` takes these measurements alone.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import sys
import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from typing import Any
from uuid import UUID

from PIL import Image

from city_demo.phones import InspectorPhone
from tests.bench.figures import Figures, keep, machine, spread
from tests.bench.memory import watched
from tests.bench.pictures import LARGE_PX, phone_photos
from tests.bench.town import Town, open_town
from tests.journey.photos import distinct
from tests.journey.running_city import Row
from tests.waiting import until

PHOTOS, ADVISED = 24, 40
PHONES, WARM_UP = 8, 8
LOOK_AGAIN_S, ADVICE_LIMIT_S = 0.02, 60.0
RUNS = 6  # as long as so many runs of the simple number of photos
PATH_LIMIT_S = 600.0
ENGINES, THREADS = ("torch", "onnx"), (1, 2)
Told = Callable[[], None]


async def photos_path(town: Town, count: int, told: Told) -> Figures:
    """Send so many photos by 8 phones, and twice as many, and see how long until every step is done for all.

    In the order once, twice, twice, once: a machine that grows slower or faster meanwhile spoils no ratio.
    """
    album = await asyncio.to_thread(phone_photos)
    await _through(town, album, WARM_UP, lambda: None)
    await town.is_idle()
    once: list[dict[str, float]] = []
    twice: list[dict[str, float]] = []
    async with watched(town.city) as memory:
        for runs, size in ((once, count), (twice, 2 * count), (twice, 2 * count), (once, count)):
            runs.append(await _through(town, album, size, told))
            await town.is_idle()
    seconds_once, seconds_twice = (sum(run["public"] for run in runs) / len(runs) for runs in (once, twice))
    last = twice[-1]
    return {
        "photos": count,
        "phones": PHONES,
        "megabytes_a_photo": round(sum(map(len, album)) / len(album) / 1e6, 2),
        "photos_per_s": round(2 * count / seconds_twice, 2),
        "seconds": round(seconds_once, 1),
        "seconds_for_twice_as_many": round(seconds_twice, 1),
        "times_as_long_for_twice_as_many": round(seconds_twice / seconds_once, 2),
        "all_through_a_step_per_s": {step: round(2 * count / seconds, 2) for step, seconds in last.items()},
        "memory_with_children": memory,
    }


async def _through(town: Town, album: Sequence[bytes], size: int, told: Told) -> dict[str, float]:
    """Send photos and wait for all of them; gives the seconds until the last was through each step."""
    phones = [await town.crew.phone(f"inspector-{n:03d}", InspectorPhone) for n in range(1, PHONES + 1)]
    sent: list[str] = []
    waiting = islice(cycle(album), size)

    async def send(phone: InspectorPhone) -> None:
        for photo in waiting:
            sent.append(UUID(await phone.take_photo(distinct(photo))).hex)  # as the records have it
            told()

    began = time.monotonic()
    await asyncio.gather(*(send(phone) for phone in phones))
    steps = {"sent": time.monotonic() - began}

    def is_through() -> bool:
        photos = _photos(town, sent)
        for step, is_done in _STEPS.items():
            if step not in steps and all(map(is_done, photos)):
                steps[step] = time.monotonic() - began
        return len(steps) == len(_STEPS) + 1

    await until(is_through, lambda: f"{_photos(town, sent)[:5]}", seconds=PATH_LIMIT_S)
    hashes = [photo["sha256"] for photo in _photos(town, sent)]
    assert town.city.database.photo_finds.count_documents({"sha256": {"$in": hashes}}) == size
    return steps


_STEPS: dict[str, Callable[[Row], bool]] = {
    "ready": lambda photo: photo["state"] == "READY",
    "looked_at": lambda photo: photo["looked_by"] is not None,
    "public": lambda photo: photo["public_file"] is not None,
}


def _photos(town: Town, ids: Sequence[str]) -> list[Row]:
    fields = {"state": 1, "refusal": 1, "looked_by": 1, "public_file": 1, "sha256": 1}
    photos = list(town.city.database.photos.find({"_id": {"$in": list(ids)}}, fields))
    refused = [photo for photo in photos if photo["state"] == "REFUSED"]
    assert len(photos) == len(ids) and not refused, refused
    return photos


async def upload_to_advice(town: Town, count: int, told: Told) -> Figures:
    """Send photo after photo into an idle city and ask for its advice from the end of the upload on."""
    album = await asyncio.to_thread(phone_photos)
    phone = await town.crew.phone("inspector-001", InspectorPhone)
    taken: dict[str, list[float]] = {"large": [], "small": []}
    uploads = []
    for photo in islice(cycle(album), count):
        await town.is_idle()
        began = time.monotonic()
        photo_id = await phone.take_photo(distinct(photo))
        ended = time.monotonic()
        await _advised(phone, photo_id)
        taken[_kind(photo)].append(time.monotonic() - ended)
        uploads.append(ended - began)
        told()
    figures: Figures = {"upload": spread(uploads, 0.5, 0.95)}
    everything = {"all": [*taken["large"], *taken["small"]], **taken}
    for kind, seconds in everything.items():
        if seconds:
            figures[f"upload_to_advice_{kind}"] = spread(seconds, 0.5, 0.95)
    return figures


async def _advised(phone: InspectorPhone, photo_id: str) -> None:
    async with asyncio.timeout(ADVICE_LIMIT_S):
        while True:
            advice: dict[str, Any] = await phone.ask("photoAdvice", {"mediaId": photo_id})
            assert advice["state"] in ("WAITING", "READY"), advice
            if advice["state"] == "READY":
                return
            await asyncio.sleep(LOOK_AGAIN_S)


def _kind(photo: bytes) -> str:
    with Image.open(io.BytesIO(photo)) as opened:
        return "large" if max(opened.size) == max(LARGE_PX) else "small"


async def engines(told: Told) -> Figures:
    """Run the network by torch and as ONNX, each in a process of its own: milliseconds a photo, memory."""
    figures: Figures = {}
    for engine in ENGINES:
        for threads in THREADS:
            figures[f"{engine}_{threads}_threads"] = await _one_engine(engine, threads)
            told()
    return figures


async def _one_engine(engine: str, threads: int) -> Figures:
    command = ["-m", "city_workers.detection.engines.measure", "--json", "--engine", engine]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, "--threads", str(threads), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, f"{engine} ended with {process.returncode}."
    measured = json.loads(said.splitlines()[-1])
    alone, *_, crowded = measured["milliseconds_in_batches_of"].items()
    return {
        "runs_as": measured["engine"],
        **{f"ms_a_photo_in_batches_of_{size}": round(ms, 1) for size, ms in (alone, crowded)},
        "memory_mb": measured["memory_mb"],
        "most_memory_mb": measured["most_memory_mb"],
    }


async def _alone(count: int, advised: int) -> Figures:
    figures: Figures = {"machine": machine(), "engines": await engines(lambda: None)}
    async with open_town() as town:
        figures["upload_to_advice"] = await upload_to_advice(town, advised, lambda: None)
        figures["photos_path"] = await photos_path(town, count, lambda: None)
    return figures


def main() -> int:
    """Measure, print, and keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.photos")
    parser.add_argument("--photos", type=int, default=PHOTOS)
    parser.add_argument("--advised", type=int, default=ADVISED)
    options = parser.parse_args()
    results = asyncio.run(_alone(options.photos, options.advised))
    print(json.dumps(results, ensure_ascii=False, indent=2))
    keep("photos", results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
