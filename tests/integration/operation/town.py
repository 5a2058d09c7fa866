"""A town with a morning behind it: people signed in, photos in both stores, reports, odd rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bson import Binary, Decimal128, Int64, ObjectId, Regex, Timestamp

from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import Database
from city_core.media.store import keep_photo
from city_core.people.open_session import sign_in_person
from tests.integration.media.test_veil_photo import jpeg
from tests.integration.test_photos import report_with
from tests.village import found_village
from tests.work_by_hand import do_due_work


async def live_a_morning(city: City, settings_of_s3: Any = None) -> None:
    """Let people sign in and report, and the city work; photos lie in the object store as well."""
    people = await found_village(city)
    for name in ("citizen-1", "inspector-1", "officer-1"):
        row = await city.database.people.find_one({"_id": name})
        assert row is not None
        await sign_in_person(city, row, device_id=f"phone-of-{name}")
    stores = [city, replace(city, settings=settings_of_s3)] if settings_of_s3 else [city]
    for where in (city, *stores):
        photo_id = new_id()
        await keep_photo(where, "citizen-1", photo_id, jpeg())
        await report_with(city, people["citizen-1"], photo_id)
    await do_due_work(city)
    await city.database.odd_rows.insert_many([
        {"_id": ObjectId(), "int": 1, "long": Int64(1), "decimal": Decimal128("1.10"), "float": -0.0},
        {"_id": {"b": 1, "a": 2}, "at": Timestamp(5, 6), "re": Regex("^a", "i"), "bytes": Binary(b"\0", 128)},
        {"_id": 7, "none": None, "deep": [{"x": [[], {}]}], "text": "张店区 \U0001f3d9"},
    ])  # fmt: skip
    await city.database.sync_feed.insert_one(
        {"_id": "feed", "epoch": "e", "seq": 5, "token": {"_data": "1"}, "is_complete": True, "scheme": 99,
         "holder": "", "fence": 1, "leased_until": city.clock.now(), "days": []}
    )  # fmt: skip


async def found_a_small_town(city: City) -> None:
    """Found a village with two photos, which nobody has developed."""
    await found_village(city)
    for _ in range(2):
        await keep_photo(city, "citizen-1", new_id(), jpeg())


async def rows_of(database: Database) -> dict[str, set[bytes]]:
    """Read every row of every collection, byte by byte; what a restore changes on purpose is left out."""
    names = [name for name in await database.list_collection_names() if not name.startswith("system.")]
    found = {}
    for name in set(names) - {"sync_feed", "operator_deeds", "audit_entries"}:
        batches = [batch async for batch in database[name].find_raw_batches({})]
        rows = {row for batch in batches for row in _split(batch)}
        if rows:
            found[name] = rows
    return found


def _split(documents: bytes) -> list[bytes]:
    rows = []
    while documents:
        length = int.from_bytes(documents[:4], "little")
        rows.append(documents[:length])
        documents = documents[length:]
    return rows
