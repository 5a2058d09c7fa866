"""Photos come to the model: once for their bytes, phones and machines apart, poison ones given up."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from PIL import Image

from city_core.detection.look import FINDS
from city_core.detection.photo_advice import photo_advice
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import Row
from city_core.kit.perform import perform
from city_core.kit.problems import CityProblem
from city_core.kit.waking import Wake
from city_core.kit.work import Handler, WorkItem, claim
from city_core.media.files import COPIES, write_file
from city_core.people.roles import Actor, Role
from city_workers.detection.batches import Batches
from city_workers.detection.engines.finds import Box
from city_workers.detection.engines.pictures import Prepared, decode, prepare
from city_workers.detection.job import looking_with
from tests.hand_clock import HandClock, beijing

GREY, POISON = "grey", "red"
OWNER = Actor("inspector-1", Role.INSPECTOR)


class Model:
    """Sees garbage in everything, and counts; with a red picture it never comes back."""

    def __init__(self) -> None:
        self.runs: list[int] = []
        self.died, self.loop = asyncio.Event(), asyncio.get_running_loop()
        self.end = threading.Event()

    def prepared(self, jpeg_bytes: bytes) -> Prepared:
        return prepare(decode(jpeg_bytes), 32)

    def look_at_all(self, pictures: Sequence[Prepared]) -> list[list[Box]]:
        self.runs.append(len(pictures))
        if any(picture.values[0].mean() - picture.values[1].mean() > 0.3 for picture in pictures):
            self.loop.call_soon_threadsafe(self.died.set)
            self.end.wait(60)
            raise RuntimeError("nobody hears of it")
        return [[Box("exposed_garbage", 0.8, 0.1, 0.1, 0.2, 0.2)] for _ in pictures]


@dataclass
class Sight:
    """A model with what waits for it."""

    batches: Batches
    model_version: str = "m-1"


@pytest.fixture
def clock() -> HandClock:
    return HandClock(beijing(2, 9))


@pytest.fixture
def town(city: City, clock: HandClock) -> City:
    return replace(city, clock=clock)


async def ready_photo(town: City, colour: str, *, kind: str = "look", sha256: str | None = None) -> str:
    photo_id, out = new_id(), io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    await town.database.photos.insert_one({
        "_id": photo_id, "owner_id": "inspector-1", "state": "READY", "sha256": sha256 or photo_id,
        "small_file": await write_file(town, COPIES, photo_id, out.getvalue()), "looked_by": None,
        "refusal": None, "work": [WorkItem(kind, "look", town.clock.now()).row()],
    })  # fmt: skip
    return photo_id


async def photo(town: City, photo_id: str) -> Row:
    found = await town.database.photos.find_one({"_id": photo_id})
    assert found is not None
    return found


def handler(model: Model) -> Handler:
    sight = Sight(Batches(model, on_hang=lambda: None))
    return looking_with(lambda: sight)


async def look(town: City, model: Model, *photo_ids: str) -> None:
    """Let one process claim these photos and look at them; it ends when it dies of one."""
    works = {"look": handler(model), "look_at_frame": handler(model)}
    wakes = [Wake("look", "photos", photo_id, "look", town.clock.now()) for photo_id in photo_ids]
    tasks = [asyncio.create_task(perform(town, works, wake)) for wake in wakes]
    done = asyncio.gather(*tasks, return_exceptions=True)
    death = asyncio.create_task(model.died.wait())
    await asyncio.wait([done, death], return_when=asyncio.FIRST_COMPLETED)
    if model.died.is_set():  # what died gives nothing back
        dead = {"work.$[].token": "of a process that died"}
        await town.database.photos.update_many({"work.token": {"$type": "string"}}, {"$set": dead})
    for task in (*tasks, death):
        task.cancel()
    await asyncio.gather(done, death, return_exceptions=True)
    model.end.set()


async def test_the_same_bytes_are_looked_at_once(town: City) -> None:
    model = Model()
    first = await ready_photo(town, GREY, sha256="same")
    second = await ready_photo(town, GREY, sha256="same")
    await look(town, model, first)
    await look(town, model, second)
    assert sum(model.runs) == 1
    assert await town.database[FINDS].count_documents({}) == 1
    for photo_id in (first, second):
        row = await photo(town, photo_id)
        assert (row["looked_by"], [item["kind"] for item in row["work"]]) == ("m-1", ["photo_seen"])
        assert (await photo_advice(town, OWNER, photo_id))["state"] == "READY"


async def test_a_poison_photo_is_given_up_and_its_neighbours_lose_nothing(
    town: City, clock: HandClock
) -> None:
    poison = await ready_photo(town, POISON)
    others = [await ready_photo(town, GREY) for _ in range(3)]
    for _ in range(8):  # as many lives of the process
        await look(town, Model(), poison, *others)
        clock.turn(seconds=town.settings.work_lease_seconds + 1)
    for other in others:
        row = await photo(town, other)
        assert (row["looked_by"], [item["kind"] for item in row["work"]]) == ("m-1", ["photo_seen"])
    given_up = await photo(town, poison)
    assert [item["kind"] for item in given_up["work"]] == ["photo_seen"]
    [finds] = await town.database[FINDS].find({"given_up": True}).to_list(None)
    assert (finds["sha256"], finds["boxes"]) == (poison, [])
    advice = await photo_advice(town, OWNER, poison)
    assert (advice["state"], advice["boxes"]) == ("GIVEN_UP", [])


async def test_a_photo_that_only_waits_for_its_turn_alone_is_not_charged(
    town: City, clock: HandClock
) -> None:
    photo_id = await ready_photo(town, GREY)
    wake = Wake("look", "photos", photo_id, "look", clock.now())
    for _ in range(2):
        assert await claim(town, wake) is not None
        clock.turn(seconds=town.settings.work_lease_seconds + 1)
    model = Model()
    await look(town, model, photo_id)
    assert model.runs == [1]
    assert (await photo(town, photo_id))["looked_by"] == "m-1"


async def test_advice_is_for_whoever_took_the_photo(town: City) -> None:
    photo_id = await ready_photo(town, GREY)
    assert (await photo_advice(town, OWNER, photo_id))["state"] == "WAITING"
    for role in (Role.INSPECTOR, Role.CITIZEN, Role.SHIFT_LEADER, Role.ADMINISTRATOR):
        with pytest.raises(CityProblem, match="PHOTO_UNKNOWN"):
            await photo_advice(town, Actor("somebody-else", role), photo_id)
    await look(town, Model(), photo_id)
    advice = await photo_advice(town, OWNER, photo_id)
    assert [box["name_zh"] for box in advice["boxes"]] == ["暴露垃圾"]
    proposal = advice["proposal"]
    assert (proposal["type_code"], proposal["condition_id"]) == ("E0110", "E0110-1")
