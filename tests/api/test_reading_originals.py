"""Originals over HTTP: for few, for a reason, on record before the first byte, for two minutes."""

from __future__ import annotations

from typing import Any

import pytest

from city_core.cases.originals.open_original import MOST_OPENINGS
from city_core.kit.ids import checked_client_id
from city_core.media.files import drop_files, reference_in
from tests.api.support import Api, new_uuid, operation, photo_bytes
from tests.api.test_loop_over_graphql import do_all_work
from tests.api.test_reading_photos import local, opened, photo_of_case, stored
from tests.api.test_trusted_documents import served_with
from tests.hand_clock import HandClock

_REASON = "群众申诉，需核对拍摄时间"
_MAY = ("acceptor-1", "leader-of-shift", "leader-of-street", "leader-1", "inspector-1")
_SEE_COPIES_ONLY = ("inspector-2", "officer-1", "dispatcher-1", "citizen-1")
_ON_OTHER_POSTS = ("citizen-2", "officer-other", "administrator-1", "auditor-1", "security-administrator-1")
_QUERY = operation("seat", "OriginalReadings")


async def read(api: Api, who: str, media_id: str, reason: str = _REASON, **more: Any) -> Any:
    given = {"clientId": new_uuid(), "mediaId": media_id, "reason": reason, **more}
    return await api.do(who, "seat", "ReadOriginal", input=given)


async def photo_in_check(api: Api) -> tuple[str, str]:
    """Have a photo in a case that inspector-1 is asked to check."""
    media_id, case_id = await photo_of_case(api)
    task = {"kind": "CHECK", "seq": 3, "assignee_id": "inspector-1", "department_id": None}
    await api.city.database.cases.update_one({"_id": case_id}, {"$set": {"task": task}})
    return media_id, case_id


async def rows(api: Api) -> list[dict[str, Any]]:
    found = api.city.database.original_readings.find({}).sort("_id", 1)
    return list(await found.to_list(None))


async def page(api: Api, who: str, **variables: Any) -> dict[str, Any]:
    answer = await api.ask(_QUERY, variables, who)
    found = answer["errors"][0]["extensions"] if "errors" in answer else answer["data"]["originalReadings"]
    return dict(found)


async def test_who_judges_a_case_reads_its_originals_and_nobody_else(api: Api) -> None:
    media_id, case_id = await photo_in_check(api)
    for who in _MAY:
        given = await read(api, who, media_id)
        assert given["__typename"] == "OriginalLink", (who, given)
        answer = await opened(api, given["url"])
        assert (answer.status_code, answer.content) == (200, photo_bytes("red")), who
    for who in _SEE_COPIES_ONLY:
        assert (await read(api, who, media_id))["code"] == "NOT_ALLOWED", who
    for who in _ON_OTHER_POSTS:
        refused, missing = await read(api, who, media_id), await read(api, who, new_uuid())
        assert (refused, refused["code"], refused["field"]) == (missing, "NOT_ALLOWED", "role"), who
    missing = await read(api, "inspector-far", new_uuid())
    assert (await read(api, "inspector-far", media_id), missing["code"]) == (missing, "PHOTO_UNKNOWN")
    assert [row["person_id"] for row in await rows(api)] == list(_MAY)
    assert {(row["case_id"], row["openings"]) for row in await rows(api)} == {(case_id, 1)}


async def test_the_original_is_bytes_to_keep_and_never_a_page(api: Api) -> None:
    media_id, _ = await photo_of_case(api)
    given = await read(api, "acceptor-1", media_id)
    head = await api.http.head(local(given["url"]))
    assert (head.status_code, head.headers["content-length"]) == (200, str(given["sizeBytes"]))
    assert (await rows(api))[0]["openings"] == 0
    part = await opened(api, given["url"], range="bytes=0-2")
    whole = await opened(api, given["url"])
    assert (part.status_code, part.content) == (206, b"\xff\xd8\xff")
    for answer in (head, part, whole):
        name = f"{checked_client_id(media_id)}.original"
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert given["sha256"] == (await stored(api, media_id))["sha256"]


@pytest.mark.parametrize("reason", ["", "    ", "看看看看", "x" * 201])
async def test_without_a_reason_nothing_is_given_nor_put_on_record(api: Api, reason: str) -> None:
    media_id, _ = await photo_of_case(api)
    refused = await read(api, "acceptor-1", media_id, reason)
    assert (refused["code"], refused["field"]) == ("TEXT_INVALID", "reason")
    assert await rows(api) == []


async def test_the_record_says_who_why_when_and_from_where(api: Api) -> None:
    media_id, case_id = await photo_of_case(api)
    given = await read(api, "acceptor-1", media_id)
    [row] = await rows(api)
    assert (row["opened_at"], row["reason"], row["case_id"]) == (None, _REASON, case_id)
    assert (row["role"], row["origin"], row["address"]) == ("ACCEPTOR", "web", "127.0.0.1")
    for _ in range(2):
        await opened(api, given["url"])
    [later] = await rows(api)
    assert later["openings"] == 2 and row["read_at"] <= later["opened_at"] <= later["last_opened_at"]
    changed = {"opened_at", "last_opened_at", "openings"}
    assert {name: row[name] for name in row if name not in changed} == {
        name: later[name] for name in later if name not in changed
    }


async def test_the_same_command_again_is_the_same_reading(api: Api) -> None:
    media_id, _ = await photo_of_case(api)
    other_id, _ = await photo_of_case(api, "citizen-2")
    client_id = new_uuid()
    first = await read(api, "acceptor-1", media_id, clientId=client_id)
    again = await read(api, "acceptor-1", media_id, clientId=client_id)
    other = await read(api, "acceptor-1", other_id, clientId=client_id)
    assert (again, other["code"]) == (first, "COMMAND_REUSED")
    await api.city.database.command_log.delete_many({})  # as after five weeks
    assert await read(api, "acceptor-1", media_id, clientId=client_id) == first
    assert (await read(api, "acceptor-1", other_id, clientId=client_id))["code"] == "COMMAND_REUSED"
    assert len(await rows(api)) == 1


async def test_the_link_is_over_after_two_minutes_or_five_openings(api: Api) -> None:
    media_id, _ = await photo_of_case(api)
    clock = HandClock(api.city.clock.now())
    async with served_with(api, clock=clock) as later:
        given = await read(later, "acceptor-1", media_id)
        other = await read(later, "acceptor-1", media_id)
        for _ in range(MOST_OPENINGS):
            assert (await opened(later, given["url"])).status_code == 200
        used_up = await opened(later, given["url"])
        assert (used_up.status_code, used_up.json()["code"]) == (410, "LINK_EXPIRED")
        clock.turn(minutes=2)
        assert (await opened(later, other["url"])).json()["code"] == "LINK_EXPIRED"
    assert [row["openings"] for row in await rows(api)] == [MOST_OPENINGS, 0]


async def test_the_link_ends_with_the_sign_in_and_with_the_right(api: Api) -> None:
    media_id, case_id = await photo_in_check(api)
    given = await read(api, "inspector-1", media_id)
    taken_away = {"task.assignee_id": "inspector-2"}
    await api.city.database.cases.update_one({"_id": case_id}, {"$set": taken_away})
    assert (await opened(api, given["url"])).json()["code"] == "NOT_ALLOWED"
    seat = await read(api, "acceptor-1", media_id)
    [reading] = [row for row in await rows(api) if row["person_id"] == "acceptor-1"]
    ended = {"ended_at": api.city.clock.now()}
    await api.city.database.sessions.update_one({"_id": reading["session_id"]}, {"$set": ended})
    assert (await opened(api, seat["url"])).json()["code"] == "PHOTO_UNKNOWN"
    assert {row["openings"] for row in await rows(api)} == {0}


async def test_a_tampered_link_and_one_to_a_copy_open_no_original(api: Api) -> None:
    media_id, _ = await photo_of_case(api)
    other_id, _ = await photo_of_case(api, "citizen-2")
    given = await read(api, "acceptor-1", media_id)
    token = given["url"].split("?link=")[1]
    photo_id, other = checked_client_id(media_id), checked_client_id(other_id)
    for path in (f"/media/{other}/original", f"/media/{photo_id}/large", f"/media/{photo_id}/small"):
        answer = await api.http.get(path, params={"link": token})
        assert (answer.status_code, answer.json()["code"]) == (404, "PHOTO_UNKNOWN")
    spoilt = await api.http.get(f"/media/{photo_id}/original", params={"link": token[:-1] + "_"})
    signed_in = await api.http.get(f"/media/{photo_id}/original", headers=await api.headers("acceptor-1"))
    assert spoilt.json()["code"] == signed_in.json()["code"] == "PHOTO_UNKNOWN"


async def test_an_original_that_is_not_kept_any_more_is_gone(api: Api) -> None:
    media_id, _ = await photo_of_case(api)
    given = await read(api, "acceptor-1", media_id)
    row = await stored(api, media_id)
    await api.city.database.photos.update_one({"_id": row["_id"]}, {"$set": {"original_file": None}})
    await drop_files(api.city, [reference_in(row, "original_file")])
    gone = await opened(api, given["url"])
    assert (gone.status_code, gone.json()["code"]) == (410, "ORIGINAL_GONE")
    assert (await read(api, "acceptor-1", media_id))["code"] == "ORIGINAL_GONE"


async def test_leaders_watch_their_streets_and_the_auditor_everybody(api: Api) -> None:
    media_id, _ = await photo_of_case(api)
    other_id, other_case = await photo_of_case(api, "citizen-2")
    for who, photo in (("acceptor-1", media_id), ("leader-1", other_id), ("leader-of-shift", media_id)):
        await read(api, who, photo)
    await api.city.database.original_readings.update_one(
        {"person_id": "leader-1"}, {"$set": {"street_code": "370303002"}}
    )
    seen = {
        who: [node["personId"] for node in (await page(api, who, first=10))["nodes"]]
        for who in ("leader-of-street", "leader-1", "auditor-1")
    }
    newest_first = ["leader-of-shift", "leader-1", "acceptor-1"]
    assert seen == {
        "leader-of-street": ["leader-of-shift", "acceptor-1"],
        "leader-1": newest_first,
        "auditor-1": newest_first,
    }
    first = await page(api, "auditor-1", first=2)
    rest = await page(api, "auditor-1", first=2, after=first["pageInfo"]["endCursor"])
    assert [node["personId"] for node in (*first["nodes"], *rest["nodes"])] == newest_first
    [node] = (await page(api, "auditor-1", first=5, mediaId=other_id))["nodes"]
    assert (node["caseId"], node["personName"], node["role"]) == (other_case, "leader-1", "LEADER")
    others = ("citizen-1", "inspector-1", "officer-1", "acceptor-1", "leader-of-shift", "dispatcher-1")
    for who in (*others, "administrator-1", "security-administrator-1"):
        assert (await page(api, who))["code"] == "NOT_ALLOWED", who
    await do_all_work(api)


@pytest.mark.parametrize("query", [{}, {"street_code": {"$in": ["a"]}}, {"media_id": "a"}])
async def test_every_list_of_readings_has_its_index(api: Api, query: dict[str, Any]) -> None:
    found = api.city.database.original_readings.find(query).sort("_id", -1).limit(21)
    plan = str((await found.explain())["queryPlanner"]["winningPlan"])
    assert "COLLSCAN" not in plan and "'SORT'" not in plan
