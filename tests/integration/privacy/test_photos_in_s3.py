"""Photos that lie in a bucket: a person's copy of their data holds them, a deletion takes them out of it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from city_core.cases.submit import submit_report
from city_core.kit.city import City
from city_core.media.sweep_orphans import sweep_files
from city_core.people.roles import Actor
from city_core.privacy.ask import DELETION_WORK, ask_for_copy, ask_for_deletion, my_data_requests
from city_core.privacy.copies import open_copy
from city_core.settings import Settings
from tests.api.support import running
from tests.hand_clock import HandClock
from tests.integration.cases.support import DRAFT
from tests.integration.media.test_photo_stores import s3_settings
from tests.integration.privacy.whole_life import command, photo_with_gps, send_photo, sign_in
from tests.s3_server import S3Server
from tests.veils_by_hand import veil
from tests.work_by_hand import do_due_work


@dataclass
class Bucket:
    """A city that keeps photos in a bucket, and what lies there."""

    city: City
    clock: HandClock
    actor: Actor
    server: S3Server

    def of(self, photo_id: str) -> dict[str, bytes]:
        """Give what lies there of one photo, by its key."""
        return {key: data for key, data in self.server.objects.items() if photo_id in key}


@pytest.fixture
async def bucket(village: tuple[City, dict[str, Actor]], clock: HandClock) -> AsyncIterator[Bucket]:
    server, (here, _) = S3Server("photos", "key-1"), village
    async with running(server) as address:  # type: ignore[arg-type]
        settings = Settings(**{**here.settings.model_dump(), **s3_settings(address)})
        city = replace(here, settings=settings)
        yield Bucket(city, clock, await sign_in(city), server)


async def test_a_copy_holds_the_photos_of_the_bucket_and_a_deletion_takes_them_out(bucket: Bucket) -> None:
    city, actor = bucket.city, bucket.actor
    in_case, alone = await send_photo(city, actor), await send_photo(city, actor)
    await do_due_work(city)
    await submit_report(city, actor, command(), replace(DRAFT, media_ids=[in_case]))
    veiled = await veil(city, in_case, "white")
    await veil(city, alone, "blue")
    for photo_id in (in_case, alone):
        folders = sorted(key.split("/")[0] for key in bucket.of(photo_id))
        assert folders == ["photo_copies"] * 3 + ["photo_originals"], (
            "an original, two copies and a veiled one"
        )
    assert len(bucket.server.objects) == 8

    assert set(await copied_photos(bucket)) == {photo_with_gps()}

    await ask_for_deletion(city, actor, command())
    bucket.clock.turn(days=7, minutes=1)
    await do_due_work(city, {DELETION_WORK})
    bucket.clock.turn(minutes=11)
    await do_due_work(city, {DELETION_WORK})
    assert bucket.of(alone) == {}
    assert list(bucket.of(in_case).values()) == [veiled], "only what shows no face stays, for the case"
    bucket.clock.turn(days=2)
    await sweep_files(city)
    assert list(bucket.server.objects.values()) == [veiled]


async def copied_photos(bucket: Bucket) -> list[bytes]:
    """Have a copy of the person's data made, and take the photos out of it."""
    await ask_for_copy(bucket.city, bucket.actor, command())
    await do_due_work(bucket.city)
    [ready] = await my_data_requests(bucket.city, bucket.actor)
    packed = b"".join([piece async for piece in await open_copy(bucket.city, bucket.actor, ready["_id"])])
    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        photos = [files.read(name) for name in files.namelist() if name.startswith("photos/")]
    assert len(photos) == 2
    return photos


async def test_a_bucket_that_is_down_holds_a_deletion_up_and_leaves_nothing_behind(bucket: Bucket) -> None:
    city, actor = bucket.city, bucket.actor
    photo_id = await send_photo(city, actor)
    await do_due_work(city)
    await ask_for_deletion(city, actor, command())
    bucket.clock.turn(days=7, minutes=1)
    bucket.server.broken = True
    await do_due_work(city, {DELETION_WORK})
    bucket.server.broken = False
    for _ in range(3):
        bucket.clock.turn(minutes=11)
        await do_due_work(city, {DELETION_WORK})
    request = await city.database.data_requests.find_one({"kind": "DELETION"})
    assert request is not None and request["state"] == "DONE"
    bucket.clock.turn(days=2)
    await sweep_files(city)
    assert bucket.of(photo_id) == {}
