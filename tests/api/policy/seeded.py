"""A city of two streets with an object of each kind in each; the words of the far one are secrets."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from city_core.cases.command import Command
from city_core.cases.submit import ReportDraft, submit_report
from city_core.people.tokens import actor_from
from city_core.signs.codes import new_code, sign_keys
from tests.api.policy.seeded_cases import happened
from tests.api.policy.seeded_census import campaign, task
from tests.api.policy.seeded_claims import seed_fixes, seed_points_of_people
from tests.api.policy.seeded_components import COMPONENTS, components, seed_cases_of_components
from tests.api.policy.seeded_files import seed_files, tokens
from tests.api.policy.seeded_machines import EVENTS, emergency_row, machine_rows
from tests.api.policy.seeded_more_cases import seed_more_cases
from tests.api.policy.seeded_more_machines import seed_more_of_machines
from tests.api.policy.seeded_personal import seed_personal
from tests.api.policy.seeded_photos import BY_MACHINE, seed_photos
from tests.api.policy.seeded_places import STREETS, seed_places, seed_types
from tests.api.policy.seeded_points import POINTS, points
from tests.api.policy.seeded_rows import (
    FAR,
    FAR_GRID,
    FAR_RESPONSIBILITY,
    FOREIGN,
    MISSING,
    OWN,
    SECRET,
    THERE,
    place_of,
    things,
)
from tests.api.policy.seeded_rules import seed_rules
from tests.api.policy.seeded_signs import sign, sign_of_point
from tests.api.support import Api, new_uuid
from tests.integration.sync.support import fed
from tests.village import GRID, INSIDE, STREET

__all__ = ["FAR", "FOREIGN", "MISSING", "OWN", "SECRET", "THERE", "Ids", "seed"]
_MARKS = {OWN: "0", FOREIGN: "1", MISSING: "2"}
Ids = dict[str, dict[str, str]]


async def seed(api: Api) -> Ids:
    """Fill the village's second street; answers the ids by the names of inputs, then by whose they are."""
    database, now = api.city.database, datetime.now(UTC).replace(microsecond=0)
    await seed_places(api.city, now)
    await seed_rules(api, now)
    await seed_types(api.city)  # adds to the catalogue in force
    await _people(api, now)
    cases = {
        OWN: await _reported(api, "citizen-1", INSIDE, "垃圾"),
        FOREIGN: await _reported(api, "citizen-far", THERE, f"{SECRET}_CASE"),
    }
    files = await seed_files(api, cases, now)
    ids: Ids = {
        "caseId": {**cases, MISSING: "0" * 32},
        "gridCode": {OWN: GRID, FOREIGN: FAR_GRID, MISSING: "370303999001001"},
        "personId": {OWN: "inspector-1", FOREIGN: "inspector-far", MISSING: "nobody-1"},
        "streetCode": dict(STREETS),
        "pointId": dict(POINTS),
        "componentCode": dict(COMPONENTS),
        "token": tokens(api, cases),
        **files,
    }
    for whose in (OWN, FOREIGN):
        await _seed_street(api, ids, whose, now)
    for whose, other in ((OWN, FOREIGN), (FOREIGN, OWN)):
        known = {kind: objects[whose] for kind, objects in ids.items() if whose in objects}
        steps = happened(whose, {**known, "other": cases[other]}, now)
        await database.cases.update_one({"_id": cases[whose]}, {"$set": steps})
        for kind, case_id in (await seed_more_cases(api, whose, cases[whose], now)).items():
            ids.setdefault(kind, {})[whose] = case_id
        await seed_more_of_machines(api, whose, ids, now)
        await seed_cases_of_components(api, whose, cases[whose], ids["signId"][whose], now)
    await seed_personal(api, cases, now)
    await seed_points_of_people(api.city, cases, now)
    await seed_fixes(api.city, now)
    await _newest_messages(api, cases[OWN], now)
    async with fed(api.city):
        pass  # once: what phones pull is what is there by now
    return ids


async def _seed_street(api: Api, ids: Ids, whose: str, now: datetime) -> None:
    """Put an object of each kind into one of the two streets, and note their ids."""
    database = api.city.database
    place, case_id = place_of(near=whose == OWN), ids["caseId"][whose]
    await seed_photos(api, whose, ids["mediaId"][whose], case_id, "s", now)
    rows = things(whose, place, case_id, now) | machine_rows(whose, place, BY_MACHINE[whose], now)
    rows["emergencies", "emergencyId"] = await emergency_row(api, whose, place, now)
    rows["campaigns", "campaignId"] = campaign(whose, place, now)
    rows["signs", "signId"] = sign(whose, place, now)
    rows["signs", "signOfPointId"] = sign_of_point(whose, place, now)
    for (collection, name), row in rows.items():
        row["_id"] = _id_of(name, whose)
        if collection == "signs":
            row["code"] = new_code(sign_keys(api.city.settings))
            codes = ids.setdefault(name.replace("Id", "Code"), {MISSING: "00000000000000000000"})
            codes[whose] = row["code"]
        await database[collection].insert_one(row)
        ids.setdefault(name, {MISSING: _id_of(name, MISSING)})[whose] = row["_id"]
    known = {name: ids[name][whose] for name in ("campaignId", "photoOfComponentId")}
    known |= {"importId": ids["importId"][OWN]}
    await database.components.insert_many(components(whose, place, known, now))
    await database.points.insert_many(points(whose, place, now))
    await database.census_tasks.insert_one(task(whose, ids["campaignId"][whose], now))


def _id_of(name: str, whose: str) -> str:
    if name == "messageId":  # grows with time, for whoever asks for what came since
        return {OWN: "7", FOREIGN: "8", MISSING: "9"}[whose] * 32
    if name == "eventId":
        return EVENTS[whose]
    if name == "elementId":
        return f"PERSON:{_MARKS[whose]}"
    return _MARKS[whose] + f"{name.lower():0<31.31}"


async def _newest_messages(api: Api, case_id: str, now: datetime) -> None:
    """Have a message for everybody, newer than all others, so that whoever listens for some hears one."""
    rows = [
        {"_id": f"e{number:031x}", "person_id": person_id, "kind": "TASK_ASSIGNED", "case_id": case_id,
         "seq": 9, "created_at": now, "read_at": None}
        for number, person_id in enumerate(api.people)
    ]  # fmt: skip
    await api.city.database.inbox_messages.insert_many(rows)


async def _people(api: Api, now: datetime) -> None:
    database = api.city.database
    far = {"street_codes": [FAR], "responsibility_grid_ids": [FAR_RESPONSIBILITY]}
    await database.people.update_one({"_id": "inspector-far"}, {"$set": far})
    person = await database.people.find_one({"_id": "citizen-2"})
    assert person is not None
    known: dict[str, Any] = {"_id": "citizen-far", "name": f"{SECRET}_NAME", "phone": "19905339999"}
    await database.people.insert_many([
        {**person, **known}, {**person, "_id": "disabled-1", "phone": "19905339998"},
    ])  # fmt: skip
    api.people["citizen-far"] = actor_from({**person, **known})
    await database.machine_sources.insert_one({
        "_id": "s", "version": 1, "name": "演示", "kind": "VIDEO_PLATFORM", "key_hash": "k",
        "key_made_at": now, "street_codes": [STREET, FAR], "is_active": True, "frames_per_minute": 1,
        "created_by": "x", "created_at": now, "commands": [],
    })  # fmt: skip


async def _reported(api: Api, who: str, at: tuple[float, float], words: str) -> str:
    draft = ReportDraft("E0110", "E0110-1", words, *at, "WGS84", 5.0, words, [])
    case = await submit_report(api.city, api.people[who], Command(new_uuid(), None, "phone:test"), draft)
    return str(case["_id"])
