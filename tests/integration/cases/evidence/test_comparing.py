"""After-photos are compared with before-photos by the detection process, whichever of them comes last."""

from __future__ import annotations

import io
import random
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace

from PIL import Image, ImageDraw, ImageEnhance

from city_core.cases.evidence.ask import photo_can_be_weighed
from city_core.kit.city import City
from city_core.kit.perform import perform
from city_core.kit.work import MOST_ATTEMPTS, Handler
from city_core.media.files import COPIES
from city_core.media.store import receive_photo
from city_core.people.roles import Actor
from city_core.settings import Settings
from city_workers.evidence.compare import comparing
from tests.hand_clock import HandClock
from tests.integration.cases.evidence.support import flags_of, handled_with, reported
from tests.integration.cases.support import People, do_all_work, stored
from tests.integration.media.test_photo_stores import s3_settings
from tests.work_by_hand import due_wakes_of


def street(seed: int) -> Image.Image:
    """Paint a scene full of edges."""
    chance = random.Random(seed)
    picture = Image.new("RGB", (800, 600), (150, 150, 145))
    draw = ImageDraw.Draw(picture)
    for _ in range(140):
        x, y = chance.randrange(800), chance.randrange(600)
        box = (x, y, x + chance.randrange(8, 90), y + chance.randrange(8, 70))
        colour = tuple(chance.randrange(256) for _ in range(3))
        (draw.rectangle if chance.random() < 0.6 else draw.ellipse)(box, fill=colour)
    return picture


def from_elsewhere(picture: Image.Image) -> Image.Image:
    """Take the same scene again: turned, nearer, in other light, with something gone."""
    ImageDraw.Draw(picture).rectangle((300, 250, 420, 330), fill=(150, 150, 145))
    turned = picture.rotate(6, Image.Resampling.BICUBIC).crop((90, 70, 730, 550)).resize((800, 600))
    return ImageEnhance.Brightness(turned).enhance(1.25)


async def sent(city: City, actor: Actor, picture: Image.Image) -> str:
    """Send a photo and have its copies made."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)

    async def chunks() -> AsyncIterator[bytes]:
        yield out.getvalue()

    media_id = uuid.uuid4().hex
    await receive_photo(city, actor, media_id, chunks(), len(out.getvalue()))
    await do_all_work(city)
    return media_id


async def compare_all(city: City) -> int:
    """Do what waits to be compared, as the detection process would."""
    wakes = await due_wakes_of(city, "compare")
    return sum([await perform(city, {"compare": Handler(comparing())}, wake) for wake in wakes])


def similarities(case: dict[str, object]) -> list[float | None]:
    evidence = case["evidence"]
    assert isinstance(evidence, list)
    return [row["similarity"] for row in evidence]


async def test_the_same_scene_is_alike_and_another_one_is_flagged(city: City, people: People) -> None:
    for again, flags in ((from_elsewhere(street(1)), []), (street(2), [("HANDLE", "ANOTHER_SCENE")])):
        before = await sent(city, people["inspector-1"], street(1))
        case = await reported(city, people, media_ids=[before])
        officer = people[case["task"]["assignee_id"]]
        done = await handled_with(city, people, case, await sent(city, officer, again))
        assert await compare_all(city) == 1
        done = await stored(city, done)
        assert [flag for flag in flags_of(done) if flag[1] == "ANOTHER_SCENE"] == flags
        assert (similarities(done)[1] or 0) >= 0.25 if not flags else (similarities(done)[1] or 0) < 0.25
        version = done["version"]
        await photo_can_be_weighed(city, before)
        await do_all_work(city)
        assert await compare_all(city) == 0, "what was compared is not compared again"
        assert (await stored(city, done))["version"] == version


async def test_a_before_photo_that_comes_last_is_compared_too(city: City, people: People) -> None:
    before = await sent(city, people["inspector-1"], street(3))
    await city.database.photos.update_one({"_id": before}, {"$set": {"state": "RECEIVED"}})
    case = await reported(city, people, media_ids=[before])
    officer = people[case["task"]["assignee_id"]]
    after = await sent(city, officer, from_elsewhere(street(3)))
    done = await handled_with(city, people, case, after)
    assert await compare_all(city) == 0
    await city.database.photos.update_one({"_id": before}, {"$set": {"state": "READY"}})
    await photo_can_be_weighed(city, before)
    await do_all_work(city)
    assert await compare_all(city) == 1
    done = await stored(city, done)
    [row] = [row for row in done["evidence"] if row["media_id"] == after]
    assert row["compared_with"] == [before] and row["similarity"] > 0.25


async def test_a_store_that_is_away_for_long_takes_no_try_of_a_comparison(city: City, people: People) -> None:
    before = await sent(city, people["inspector-1"], street(4))
    case = await reported(city, people, media_ids=[before])
    after = await sent(city, people[case["task"]["assignee_id"]], street(4))
    done = await handled_with(city, people, case, after)
    kept = await city.database.photos.find_one({"_id": after})
    assert kept is not None
    away = s3_settings("http://127.0.0.1:1")
    clock = HandClock(city.clock.now())
    cut_off = replace(city, clock=clock, settings=Settings(**{**city.settings.model_dump(), **away}))
    in_store = {"$set": {"small_file": f"s3:{COPIES}/{after}"}}
    await city.database.photos.update_one({"_id": after}, in_store)
    for _ in range(MOST_ATTEMPTS + 2):
        assert await compare_all(cut_off) == 0
        clock.turn(minutes=2)
    await city.database.photos.update_one({"_id": after}, {"$set": {"small_file": kept["small_file"]}})
    assert await compare_all(cut_off) == 1
    assert (similarities(await stored(city, done))[1] or 0) > 0.25
