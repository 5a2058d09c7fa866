"""Photos beside the one of each case: one that was refused, one that a machine took, and what a model saw."""

from __future__ import annotations

from datetime import datetime, timedelta

from city_core.detection.look import finds_id
from city_core.media.store import by_machine, keep_photo
from tests.api.policy.seeded_rows import FAR, FOREIGN, MISSING, OWN
from tests.api.policy.seeded_rules import MODEL
from tests.api.support import Api, photo_bytes
from tests.machines import GARBAGE
from tests.village import STREET

REFUSED = {OWN: "d1" * 16, FOREIGN: "d2" * 16, MISSING: "d3" * 16}
BY_MACHINE = {OWN: "f1" * 16, FOREIGN: "f2" * 16}
_COLOURS = {OWN: "yellow", FOREIGN: "black"}


async def seed_photos(
    api: Api, whose: str, photo_id: str, case_id: str, source_id: str, now: datetime
) -> None:
    """Make them, and have a model see something in the photo of the case."""
    database = api.city.database
    row = await database.photos.find_one({"_id": photo_id})
    assert row is not None
    refused = {
        **row, "_id": REFUSED[whose], "state": "REFUSED", "refusal": "PHOTO_NOT_AN_IMAGE",
        "original_file": None, "large_file": None, "small_file": None, "public_file": None,
        "look_hash": None, "look_bands": None,
        "sha256": whose.encode().hex() * 4,
    }  # fmt: skip
    await database.photos.insert_one(refused)
    shown = {
        "media_id": REFUSED[whose], "use": "REPORT", "added_by": row["owner_id"], "added_at": now,
        "role": "NEAR", "taken_with": "APP_CAMERA",
    }  # fmt: skip
    await database.cases.update_one({"_id": case_id}, {"$push": {"photos": shown}})
    street = FAR if whose == FOREIGN else STREET
    machine = photo_bytes(_COLOURS[whose])
    taken = by_machine(street)
    await keep_photo(api.city, source_id, BY_MACHINE[whose], machine, taken=taken)
    kept = await database.photos.find_one({"_id": BY_MACHINE[whose]})
    assert kept is not None
    files = dict.fromkeys(("large_file", "small_file"), kept["original_file"])
    await database.photos.update_one(
        {"_id": BY_MACHINE[whose]}, {"$set": {**files, "state": "READY", "work": []}}
    )
    await database.photos.update_one({"_id": photo_id}, {"$set": {"looked_by": MODEL}})
    await database.photo_finds.insert_one({
        "_id": finds_id(row["sha256"], MODEL), "sha256": row["sha256"], "model_version": MODEL,
        "boxes": [GARBAGE], "given_up": False, "looked_at": now,
        "look_for_photo_at": now + timedelta(days=9),
    })  # fmt: skip
