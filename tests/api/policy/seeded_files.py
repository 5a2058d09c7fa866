"""What has bytes in the city of the matrix: photos, uploads that go on, copies of data, imports, links."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime, timedelta

from city_core.cases.duplicates.handles import seal_handle
from city_core.kit.mongo import photo_store
from city_core.media.links import signed_link
from city_core.media.store import keep_photo
from city_core.privacy.model import FILES
from tests.api.policy.seeded_rows import FOREIGN, MISSING, OWN, SECRET
from tests.api.support import Api, photo_bytes
from tests.api.tus_phone import TusPhone

Ids = dict[str, dict[str, str]]
_PHOTOS = {OWN: "4" * 32, FOREIGN: "5" * 32, MISSING: "3" * 32}
_OF_COMPONENTS = {OWN: "74" * 16, FOREIGN: "75" * 16, MISSING: "73" * 16}
_INSPECTORS = {OWN: "inspector-1", FOREIGN: "inspector-far"}
_OWNERS = {OWN: "citizen-1", FOREIGN: "citizen-far"}


async def seed_files(api: Api, cases: dict[str, str], now: datetime) -> Ids:
    """Fill the city with files; answers their ids by the names of inputs, then by whose they are."""
    copies = {whose: await _copy(api, whose, now) for whose in _OWNERS}
    uploads = {whose: await _upload(api, who) for whose, who in _OWNERS.items()}
    for whose, who in _OWNERS.items():
        await _photo(api, who, _PHOTOS[whose])
        await _into_case(api, who, _PHOTOS[whose], cases[whose], now)
        await _photo(api, _INSPECTORS[whose], _OF_COMPONENTS[whose])
    return {
        "mediaId": dict(_PHOTOS),
        "photoOfComponentId": dict(_OF_COMPONENTS),
        "dataRequestId": {**copies, MISSING: "2" * 32},
        "uploadId": {**uploads, MISSING: "2" * 32},
        "importId": {OWN: await _import(api, now), MISSING: "2" * 32},
    }


def tokens(api: Api, cases: dict[str, str]) -> dict[str, str]:
    """Seal a handle of each case for its own reporter: nobody else can use it."""
    sealed = {whose: seal_handle(api.city, api.people[_OWNERS[whose]], cases[whose]) for whose in _OWNERS}
    return {**sealed, MISSING: "x" * 120}


async def link_of(api: Api, who: str, whose: str, now: datetime) -> str:
    """Sign a link to a photo on behalf of the newest sign-in of somebody; one that is made up if missing."""
    session = await api.city.database.sessions.find_one({"person_id": who}, sort=[("_id", -1)])
    photo_id = _PHOTOS[whose]
    if whose == MISSING or session is None:
        return f"/media/{photo_id}/small?link={int(now.timestamp()):010d}.{'0' * 32}.{'x' * 43}"
    link = signed_link(api.city, photo_id, "small", str(session["_id"]), now + timedelta(minutes=10))
    return link.url.removeprefix(api.city.settings.public_url.rstrip("/"))


async def _photo(api: Api, owner: str, photo_id: str) -> None:
    colour = "blue" if owner.endswith("-far") else "red"
    kept = await keep_photo(api.city, owner, photo_id, photo_bytes(colour))
    row = await api.city.database.photos.find_one({"_id": kept["_id"]})
    assert row is not None
    files = dict.fromkeys(("large_file", "small_file", "public_file"), row["original_file"])
    ready = {**files, "state": "READY", "work": [], "look_for_case_at": None}
    await api.city.database.photos.update_one({"_id": photo_id}, {"$set": ready})


async def _into_case(api: Api, owner: str, photo_id: str, case_id: str, now: datetime) -> None:
    part = {"media_id": photo_id, "use": "REPORT", "added_by": owner, "added_at": now}
    shown = {**part, "role": "BEFORE", "taken_with": None}
    await api.city.database.cases.update_one({"_id": case_id}, {"$push": {"photos": shown}})


async def _copy(api: Api, whose: str, now: datetime) -> str:
    request_id = hashlib.md5(whose.encode(), usedforsecurity=False).hexdigest()
    data = f"{SECRET}_COPY".encode() if whose == FOREIGN else b"one's own"
    store = photo_store(api.city.database, FILES)
    await store.upload_from_stream_with_id(f"{request_id}-1", "my-data.zip", io.BytesIO(data))
    await api.city.database.data_requests.insert_one({
        "_id": request_id, "person_id": _OWNERS[whose], "kind": "COPY", "state": "READY", "asked_at": now,
        "due_at": now, "begun_at": now, "ended_at": now, "steps_done": [], "counts": {}, "file_bytes": 9,
        "file_id": f"{request_id}-1", "file_until": now + timedelta(days=7), "work": [],
    })  # fmt: skip
    return request_id


async def _upload(api: Api, who: str) -> str:
    phone = TusPhone(api.http, await api.headers(who), photo_bytes("green"))
    begun = await phone.begin()
    assert begun.status_code == 201, begun.text
    return begun.headers["location"].rpartition("/")[2]


async def _import(api: Api, now: datetime) -> str:
    import_id = "6" * 32
    fault = {"row": 2, "field": "name", "zh": f"{SECRET}_IMPORT", "en": "x", "allowed": "x"}
    done = {
        "_id": import_id, "registry": "components", "file_id": "f", "file_name": "a.csv",
        "file_sha256": "0" * 64, "file_bytes": 1, "layer": None, "datum": "CGCS2000", "dry_run": False,
        "retire_missing": False, "state": "DONE", "rows_done": 1, "rows_total": 1, "new": 0, "changed": 0,
        "unchanged": 0, "refused": 1, "kept": 0, "retired": 0, "bad_rows": [fault], "passed_over": [],
        "scope": [], "failure": None, "by": "administrator-1", "at": now, "began_at": now, "ended_at": now,
        "input_hash": "h", "work": [],
    }  # fmt: skip
    failed = {
        **done, "_id": "67" * 16, "registry": "points", "file_id": "g", "layer": "toilet", "state": "FAILED",
        "bad_rows": [], "passed_over": [f"{SECRET}_IMPORT"], "failure": {**fault, "row": 0},
    }  # fmt: skip
    await api.city.database.place_imports.insert_many([done, failed])
    return import_id
