"""The copy that citizens may see is made by one write, whatever dies, is late or breaks."""

from __future__ import annotations

import io
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from PIL import Image

from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.perform import perform
from city_core.kit.waking import Wake
from city_core.kit.work import MOST_ATTEMPTS, WorkItem, claim
from city_core.media.files import COPIES, read_file, settle_files, write_file
from city_core.media.model import PhotoState
from city_core.media.veil_again import ask_to_veil_again, count_veiled_otherwise
from city_core.media.veil_photo import veil_photo
from city_core.media.veiling import Region, RegionKind
from city_workers.veil.job import with_veiler

LOOKING = ThreadPoolExecutor(1)


class FixedVeiler:
    """Finds one face and two plates in everything; or breaks."""

    def __init__(self, version: str = "fixed-1", breaks: bool = False) -> None:
        self.version, self.breaks, self.looked = version, breaks, 0

    def find(self, picture: bytes) -> Sequence[Region]:
        self.looked += 1
        if self.breaks:
            raise ValueError("a photo that breaks its veiler")
        face = Region(RegionKind.FACE, 0.9, 0.1, 0.1, 0.2, 0.2)
        return [face, *(Region(RegionKind.PLATE, 0.8, 0.5, y, 0.2, 0.1) for y in (0.3, 0.6))]


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((1600, 1200), 90).convert("RGB").save(out, "JPEG")
    return out.getvalue()


async def ready_photo(city: City, **more: object) -> str:
    """A photo whose copies were made and that is to be veiled."""
    photo_id = uuid.uuid4().hex
    large = await write_file(city, COPIES, photo_id, jpeg())
    await settle_files(city, [large])
    item = WorkItem("veil", "veil", city.clock.now())
    await city.database.photos.insert_one({
        "_id": photo_id, "owner_id": "inspector-1", "state": PhotoState.READY.value, "large_file": large,
        "public_file": None, "veil": None, "work": [item.row()], **more,
    })  # fmt: skip
    return photo_id


async def veil(city: City, photo_id: str, veiler: FixedVeiler) -> bool:
    wake = Wake("veil", "photos", photo_id, "veil", city.clock.now())
    return await perform(city, {"veil": with_veiler(veiler)}, wake)


async def stored(city: City, photo_id: str) -> Row:
    found = await city.database.photos.find_one({"_id": photo_id})
    assert found is not None
    return found


async def test_a_photo_gets_its_public_copy_and_its_work_is_off_in_the_same_write(city: City) -> None:
    photo_id = await ready_photo(city)
    assert await veil(city, photo_id, FixedVeiler())
    photo = await stored(city, photo_id)
    assert photo["work"] == []
    told = {key: photo["veil"][key] for key in ("faces", "plates", "veiler_version")}
    assert told == {"faces": 1, "plates": 2, "veiler_version": "fixed-1"}
    with Image.open(io.BytesIO(await read_file(city, photo, "public_file"))) as public:
        assert public.size == (1280, 960)
    assert await city.database.begun_files.count_documents({}) == 0


async def test_a_photo_that_this_version_veiled_is_not_looked_at_again(city: City) -> None:
    photo_id, veiler = await ready_photo(city, veil={"veiler_version": "fixed-1"}), FixedVeiler()
    assert await veil(city, photo_id, veiler)
    assert (veiler.looked, (await stored(city, photo_id))["work"]) == (0, [])


async def test_a_photo_that_is_not_ready_gets_none(city: City) -> None:
    photo_id, veiler = await ready_photo(city, state=PhotoState.REFUSED.value), FixedVeiler()
    assert await veil(city, photo_id, veiler)
    photo = await stored(city, photo_id)
    assert (veiler.looked, photo["public_file"], photo["work"]) == (0, None, [])


async def test_a_photo_that_breaks_its_veiler_is_blurred_all_over_never_clear(city: City) -> None:
    photo_id = await ready_photo(city)
    broken = FixedVeiler(breaks=True)
    for _ in range(MOST_ATTEMPTS + 1):
        now = {"work.0.due_at": city.clock.now() - timedelta(seconds=1)}
        await city.database.photos.update_one({"_id": photo_id}, {"$set": now})
        await veil(city, photo_id, broken)
    photo = await stored(city, photo_id)
    assert (broken.looked, photo["work"], photo["veil"]["veiler_version"]) == (MOST_ATTEMPTS, [], "whole")
    with Image.open(io.BytesIO(await read_file(city, photo, "public_file"))) as public:
        assert max(public.size) == 320


async def test_who_lost_the_lease_writes_nothing_and_leaves_no_file(city: City) -> None:
    photo_id = await ready_photo(city)
    wake = Wake("veil", "photos", photo_id, "veil", city.clock.now())
    late = await claim(city, wake)
    assert late is not None
    again = {"work.0.due_at": city.clock.now() - timedelta(seconds=1)}
    await city.database.photos.update_one({"_id": photo_id}, {"$set": again})
    assert await veil(city, photo_id, FixedVeiler("fixed-2"))
    before = await stored(city, photo_id)
    assert await veil_photo(city, late, FixedVeiler("fixed-1"), LOOKING)
    assert await stored(city, photo_id) == before
    files = await city.database["photo_copies.files"].count_documents({})
    assert files == 2  # the large copy and the one public copy


async def test_a_better_version_takes_the_place_of_the_earlier_copy(city: City) -> None:
    photo_ids = [await ready_photo(city) for _ in range(3)]
    for photo_id in photo_ids[:2]:
        await veil(city, photo_id, FixedVeiler("fixed-1"))
    first = await stored(city, photo_ids[0])
    assert await count_veiled_otherwise(city, "fixed-2") == 2  # the third waits to be veiled anyway
    assert [asked async for asked in ask_to_veil_again(city, "fixed-2", 1)] == [1]
    assert [asked async for asked in ask_to_veil_again(city, "fixed-2", 100)] == [1]
    assert await count_veiled_otherwise(city, "fixed-2") == 0
    for photo_id in photo_ids:
        await veil(city, photo_id, FixedVeiler("fixed-2"))
    photos = [await stored(city, photo_id) for photo_id in photo_ids]
    assert {photo["veil"]["veiler_version"] for photo in photos} == {"fixed-2"}
    assert photos[0]["public_file"] != first["public_file"]
    assert await city.database["photo_copies.files"].count_documents({}) == 6
    assert await city.database.begun_files.count_documents({}) == 0


async def test_a_store_that_does_not_answer_is_no_try(city: City) -> None:
    photo_id = await ready_photo(city, large_file="s3:photo_copies/nowhere")
    unreachable = city.settings.model_copy(update={
        "media_s3_endpoint": "http://127.0.0.1:9", "media_s3_bucket": "none",
    })  # fmt: skip
    assert not await veil(replace(city, settings=unreachable), photo_id, FixedVeiler())
    [item] = (await stored(city, photo_id))["work"]
    assert (item["attempts"], item["token"]) == (0, None)
