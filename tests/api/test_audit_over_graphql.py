"""The audit log over the real API: what staff read and change is on record, for the auditor alone."""

from __future__ import annotations

from typing import Any

import pytest

from city_core.audit.forget_person import forget_person
from city_core.audit.head import read_head
from city_core.audit.seal import seal_entries
from city_core.audit.verify import verify_audit
from city_core.people.change_person import PersonChange, change_person
from city_core.people.roles import Role
from tests.api.support import PASSWORD, Api, new_uuid, operation
from tests.api.test_reading_originals import photo_in_check, read
from tests.village import INSIDE, STREET

_HERE = {"lng": INSIDE[0], "lat": INSIDE[1], "datum": "WGS84"}


async def log(api: Api, **wanted: Any) -> list[dict[str, Any]]:
    """Read the log as the auditor, the oldest first, without the auditor's own looks."""
    page = await api.do("auditor-1", "administrator", "AuditEntries", filter=wanted or None)
    return [row for row in reversed(page["nodes"]) if row["verb"] != "AUDIT_READ"]


@pytest.mark.parametrize(
    "who", ["citizen-1", "inspector-1", "officer-1", "acceptor-1", "leader-1", "administrator-1",
            "security-administrator-1", None],
)  # fmt: skip
async def test_nobody_but_the_auditor_reads_the_log(api: Api, who: str | None) -> None:
    for name in ("AuditEntries", "AuditHead"):
        answer = await api.ask(operation("administrator", name), {}, who)
        code = "NOT_ALLOWED" if who else "SIGN_IN_REQUIRED"
        assert (answer["data"], answer["errors"][0]["extensions"]["code"]) == (None, code)


async def test_readings_are_on_record_one_line_each(api: Api) -> None:
    await api.do("dispatcher-1", "seat", "NearestOfficers", point=_HERE, typeCode="E0110", first=2)
    await api.do("leader-1", "seat", "WhoIsOnDuty", streetCode=STREET)
    await api.do("leader-1", "seat", "Absences", personId="officer-1")
    await api.do("officer-1", "officer", "Absences")  # one's own are no reading of another's data
    media_id, case_id = await photo_in_check(api)
    why = "申诉，当事人电话19905330099"
    for _ in range(2):
        await read(api, "acceptor-1", media_id, why, clientId="0190c0de-0000-7000-8000-000000000001")
    near, duty, absences, original = await log(api)
    assert (near["verb"], near["personId"], near["subjectCount"]) == ("POSITIONS_READ", "dispatcher-1", 2)
    assert (near["post"], near["origin"], near["network"]) == ("DISPATCHER", "web", "127.0.0.0/24")
    assert (duty["verb"], duty["subjectId"], duty["subjectCount"] > 5) == ("STAFF_LISTED", STREET, True)
    assert (absences["verb"], absences["subjectPersonId"]) == ("ABSENCES_READ", "officer-1")
    assert (original["verb"], original["subjectId"]) == ("ORIGINAL_READ", media_id.replace("-", ""))
    assert original["reason"] == "申诉，当事人电话…" and case_id in original["detail"]
    whom = await log(api, subjectPersonId="officer-1")
    assert [row["verb"] for row in whom] == ["ABSENCES_READ"]
    assert [row["verb"] for row in await log(api, personId="leader-1")] == ["STAFF_LISTED", "ABSENCES_READ"]
    assert await log(api, personId="citizen-2") == []


async def test_people_among_the_elements_are_on_record_and_land_is_not(api: Api) -> None:
    for kind, name in (("LAND", "闲置地块"), ("PERSON", "独居老人")):
        given = {"clientId": new_uuid(), "change": "ADD", "kind": kind, "nameZh": name, "point": _HERE}
        await api.do("inspector-1", "inspector", "ChangeGridElement", input=given)
    await api.do("leader-of-street", "seat", "GridElements", kind="LAND")
    await api.do("leader-of-street", "seat", "GridElements", kind="PERSON")
    page = await api.do("acceptor-1", "seat", "Places", registry="grid_elements")
    person = next(row["id"] for row in page["nodes"] if row["id"].startswith("PERSON:"))
    await api.do("acceptor-1", "seat", "PlaceHistory", registry="grid_elements", id=person)
    file = await api.http.get("/registries/grid_elements.csv", headers=await api.headers("leader-1"))
    assert file.status_code == 200
    rows = await log(api)
    assert [(row["verb"], row["personId"], row["subjectCount"]) for row in rows] == [
        ("ELEMENT_CHANGED", "inspector-1", 1), ("ELEMENT_CHANGED", "inspector-1", 1),
        ("ELEMENTS_READ", "leader-of-street", 1), ("ELEMENTS_READ", "acceptor-1", 1),
        ("ELEMENTS_READ", "acceptor-1", 1), ("REGISTRY_TAKEN", "leader-1", 1),
    ]  # fmt: skip
    assert (rows[-1]["subjectId"], rows[-1]["network"]) == ("grid_elements", "127.0.0.0/24")
    await api.city.database.grid_elements.delete_many({})


async def test_changes_of_rules_posts_and_keys_are_on_record_once(own_api: Api) -> None:
    api, keeper = own_api, "administrator-1"
    tables = [{"name": "years", "csv": "year,provisional\n2026,no\n"}]
    years = {"clientId": new_uuid(), "name": "calendar", "tables": tables, "note": "年度"}
    for _ in range(2):
        published = await api.do(keeper, "administrator", "PublishRulebook", input=years)
        assert published["version"] == 1, published
    source = {"clientId": new_uuid(), "name": "视频平台", "kind": "VIDEO_PLATFORM"}
    for _ in range(2):
        made = await api.do("security-administrator-1", "administrator", "CreateMachineSource", input=source)
    step = {"clientId": new_uuid(), "sourceId": made["source"]["id"]}
    await api.do("security-administrator-1", "administrator", "RotateMachineKey", input=step)
    closing = {"clientId": new_uuid(), "sourceId": made["source"]["id"]}
    for _ in range(2):
        await api.do("security-administrator-1", "administrator", "DisableMachineSource", input=closing)
    signs = {"clientId": new_uuid(), "signs": [{"place": _HERE, "name": "站前"}] * 2}
    [sign, _] = (await api.do("acceptor-1", "seat", "MakeSigns", input=signs))["signs"]
    off = {"clientId": new_uuid(), "signId": sign["id"], "note": "丢失"}
    await api.do("acceptor-1", "seat", "DisableSign", input=off)
    await change_person(api.city, "inspector-2", PersonChange(role=Role.DISPATCHER, street_codes=[STREET]))
    rows = await log(api)
    assert [(row["verb"], row["post"], row["subjectId"], row["detail"]) for row in rows[:4]] == [
        ("RULES_PUBLISHED", "ADMINISTRATOR", "calendar", "version 1"),
        ("MACHINE_KEY_MADE", "SECURITY_ADMINISTRATOR", made["source"]["id"], ""),
        ("MACHINE_KEY_MADE", "SECURITY_ADMINISTRATOR", made["source"]["id"], ""),
        ("MACHINE_KEY_CLOSED", "SECURITY_ADMINISTRATOR", made["source"]["id"], ""),
    ]
    assert [(row["verb"], row["subjectCount"], row["reason"]) for row in rows[4:6]] == [
        ("SIGNS_MADE", 2, ""), ("SIGN_DISABLED", 1, "丢失"),
    ]  # fmt: skip
    post = rows[6]
    assert (post["verb"], post["post"], post["subjectPersonId"]) == (
        "PERSON_CHANGED", "OPERATOR", "inspector-2",
    )  # fmt: skip
    assert post["detail"] == f"role DISPATCHER; street_codes {STREET}"
    assert len(rows) == 7


async def test_sign_ins_of_staff_and_failures_are_on_record(api: Api) -> None:
    people = {row["_id"]: row["phone"] async for row in api.city.database.people.find({}, {"phone": 1})}
    for who, password in (("administrator-1", PASSWORD), ("officer-1", PASSWORD), ("officer-1", "wrong")):
        given = {"phone": people[who], "password": password}
        await api.do(None, "administrator", "SignIn", input=given)
    await api.do(None, "administrator", "SignIn", input={"phone": "19905339999", "password": "wrong"})
    rows = await log(api)
    assert [(row["verb"], row["subjectPersonId"], row["personId"]) for row in rows] == [
        ("SIGN_IN", "administrator-1", None), ("SIGN_IN", "officer-1", None),
        ("SIGN_IN_FAILED", "officer-1", None), ("SIGN_IN_FAILED", None, None),
    ]  # fmt: skip
    stored = repr(await api.city.database.audit_entries.find({}).to_list(None))
    assert not any(phone in stored for phone in (*people.values(), "19905339999"))


async def test_looks_of_the_auditor_are_entries_too_and_pages_go_on(api: Api) -> None:
    for _ in range(3):
        await api.do("leader-1", "seat", "WhoIsOnDuty", streetCode=STREET)
    first = await api.do(
        "auditor-1", "administrator", "AuditEntries", filter={"verbs": ["STAFF_LISTED"]}, first=2
    )
    assert (len(first["nodes"]), first["pageInfo"]["hasNextPage"]) == (2, True)
    rest = await api.do(
        "auditor-1", "administrator", "AuditEntries", first=2, after=first["pageInfo"]["endCursor"],
        filter={"personId": "leader-1"},
    )  # fmt: skip
    assert [row["id"] in {seen["id"] for seen in first["nodes"]} for row in rest["nodes"]] == [False]
    looks = await api.do("auditor-1", "administrator", "AuditEntries", filter={"verbs": ["AUDIT_READ"]})
    newest, oldest = looks["nodes"]
    assert (oldest["detail"], oldest["subjectCount"]) == ("verbs STAFF_LISTED", 2)
    assert newest["detail"] == f"person {first['nodes'][0]['personReference']}"
    assert newest["personId"] == "auditor-1"


async def test_the_head_is_signed_and_whoever_was_forgotten_stays_unnamed(api: Api) -> None:
    await api.do("leader-1", "seat", "WhoIsOnDuty", streetCode=STREET)
    await seal_entries(api.city)
    head = await api.do("auditor-1", "administrator", "AuditHead")
    assert (read_head(head["file"], head["publicKey"]).seq, head["waiting"]) == (head["seq"], 0) == (1, 0)
    assert [row["personName"] for row in await log(api)] == ["leader-1"]
    await forget_person(api.city, "leader-1")
    row, forgotten = await log(api)
    assert (row["personId"], row["personName"], row["isSealed"], row["seq"]) == (None, None, True, 1)
    assert (forgotten["verb"], forgotten["subjectId"]) == ("PERSON_FORGOTTEN", row["personReference"])
    await seal_entries(api.city)
    assert (await verify_audit(api.city)).is_whole
