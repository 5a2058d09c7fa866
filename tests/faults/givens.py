"""What is there before a process dies: each gives what its deed is about."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from city_core.cases.cancel import cancel_report
from city_core.cases.command import Command
from city_core.kit.city import City
from city_core.people.devices import register_device
from city_core.people.open_session import sign_in_person
from city_core.people.roles import Actor
from city_core.places.registries.imports import KIND, ImportAsked, begin_import
from city_core.places.registries.model import IMPORTS
from tests.audit_entries import written
from tests.faults import deeds
from tests.faults.deeds import Given
from tests.integration.test_photos import jpeg
from tests.registry_town import component, found_town, write_csv
from tests.work_by_hand import do_due_work

People = dict[str, Actor]
DEVICE = "device-0001"


async def new_report(city: City, people: People, folder: Path) -> Given:
    return {"client_id": uuid.uuid4().hex}


async def to_triage(city: City, people: People, folder: Path) -> Given:
    case = await deeds.submit(city, {"client_id": uuid.uuid4().hex})
    return {"kind": "triage", "collection": "cases", "owner_id": case["_id"], "key": "triage"}


async def to_notify(city: City, people: People, folder: Path) -> Given:
    case = await deeds.submit(city, {"client_id": uuid.uuid4().hex})
    await do_due_work_but(city, "notify")
    return await _item_of(city, "cases", case["_id"], "notify")


async def to_push(city: City, people: People, folder: Path) -> Given:
    for name in ("officer-1", "officer-2"):
        await register_device(
            city, people[name], device_id=f"{DEVICE}-{name}", address_kind="token", address=f"at-{name}",
            platform="android",
        )  # fmt: skip
    await deeds.submit(city, {"client_id": uuid.uuid4().hex})
    await do_due_work_but(city, "push")
    [message] = await city.database.inbox_messages.find({}).to_list(None)
    return await _item_of(city, "inbox_messages", message["_id"], "push")


async def do_due_work_but(city: City, kind: str) -> None:
    """Do all work but that of one kind."""
    await do_due_work(city, without=kind)


async def _item_of(city: City, collection: str, owner_id: str, kind: str) -> Given:
    row = await city.database[collection].find_one({"_id": owner_id})
    [item] = [item for item in row["work"] if item["kind"] == kind]
    return {"kind": kind, "collection": collection, "owner_id": owner_id, "key": item["key"]}


async def to_import(city: City, people: People, folder: Path) -> Given:
    await found_town(city)
    path = write_csv(folder / "c.csv", [component(1), component(2), component(3)])

    async def pieces() -> Any:
        yield path.read_bytes()

    import_id = uuid.uuid4().hex
    await begin_import(city, "operator", import_id, ImportAsked("components", path.name), pieces())
    return {"kind": KIND, "collection": IMPORTS, "owner_id": import_id, "key": KIND}


async def ended_case(city: City, people: People, folder: Path) -> Given:
    case = await deeds.submit(city, {"client_id": uuid.uuid4().hex})
    await cancel_report(city, people["inspector-1"], case["_id"], Command(uuid.uuid4().hex, None, "phone:t"))
    return {}


async def new_photo(city: City, people: People, folder: Path) -> Given:
    return {"photo_id": uuid.uuid4().hex, "data": jpeg(size=(640, 480))}


async def signed_in(city: City, people: People, folder: Path) -> Given:
    person = await city.database.people.find_one({"_id": "officer-1"})
    opened = await sign_in_person(city, person, device_id=DEVICE, app="officer")
    return {"token": opened.refresh_token, "device_id": DEVICE}


async def to_feed(city: City, people: People, folder: Path) -> Given:
    case = await deeds.submit(city, {"client_id": uuid.uuid4().hex})
    return {"case_id": case["_id"], "holder": "any"}


async def to_seal(city: City, people: People, folder: Path) -> Given:
    await written(city, 3)
    return {}


async def nothing(city: City, people: People, folder: Path) -> Given:
    return {}
