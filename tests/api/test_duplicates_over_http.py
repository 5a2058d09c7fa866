"""Duplicates over HTTP: what strangers, joined reporters and seats may and may not see."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from PIL import Image

from city_core.cases.duplicates.handles import seal_handle
from city_core.kit.clock import Clock
from city_core.kit.ids import checked_client_id
from tests.api.support import Api, new_uuid
from tests.api.test_loop_over_graphql import do_all_work, step, upload
from tests.veils_by_hand import veil
from tests.village import INSIDE

_POINT = {"lng": INSIDE[0], "lat": INSIDE[1], "datum": "WGS84", "accuracyM": 6.5}
_SECRET = "门牌柳泉路12号三单元"


async def reported(api: Api, who: str = "citizen-1", colour: str = "red") -> tuple[str, str]:
    """Report something with words, an address and a photo; answers case id and photo id."""
    media_id = await upload(api, who, colour)
    given = {
        "clientId": new_uuid(), "point": _POINT, "description": f"{who}说：{_SECRET}", "address": _SECRET,
        "typeCode": "E0110", "mediaIds": [media_id],
    }  # fmt: skip
    case = await api.do(who, "citizen", "SubmitReport", input=given)
    await api.city.database.cases.update_one(
        {"_id": case["id"]}, {"$set": {"work.$[].due_at": api.city.clock.now()}}
    )
    await do_all_work(api)
    return case["id"], media_id


async def look(api: Api, who: str = "citizen-2", app: str = "citizen") -> list[dict[str, Any]]:
    given = {"point": _POINT, "typeCode": "E0110"}
    found: list[dict[str, Any]] = await api.do(who, app, "PossibleDuplicates", input=given)
    return found


async def join(api: Api, token: str, who: str = "citizen-2", **more: Any) -> Any:
    given = {"clientId": new_uuid(), "token": token, **more}
    return await api.do(who, "citizen", "JoinCase", input=given)


async def seat_merges(api: Api, one: str, into: str) -> Any:
    given = {"intoCaseId": into, "reason": "同一件"}
    return await step(api, "dispatcher-1", "seat", "MergeCases", one, **given)


async def test_a_stranger_is_shown_that_there_is_something_and_nothing_else(api: Api) -> None:
    case_id, media_id = await reported(api)
    [similar] = await look(api)
    assert set(similar) == {
        "token", "thumbnailUrl", "distanceM", "state", "stateName", "type", "minutesAgo", "isOwn", "score",
        "reasons",
    }  # fmt: skip
    assert (similar["distanceM"], similar["stateName"], similar["isOwn"]) == (10, "待核实", False)
    assert "同一小类" in similar["reasons"]
    told = json.dumps(similar, ensure_ascii=False)
    for secret in (case_id, checked_client_id(media_id), media_id, _SECRET, "citizen-1", "inspector"):
        assert secret not in told
    query = "query($id: ID!) { case(id: $id) { id } }"
    assert (await api.ask(query, {"id": case_id}, "citizen-2"))["data"]["case"] is None


async def test_the_thumbnail_opens_for_the_holder_of_the_token_and_for_nobody_else(api: Api) -> None:
    _, media_id = await reported(api)
    [similar] = await look(api)
    path = "/similar/" + similar["thumbnailUrl"].rsplit("/", 1)[1]
    early = await api.http.get(path, headers=await api.headers("citizen-2"))
    assert (early.status_code, early.json()["code"]) == (409, "PHOTO_NOT_READY")
    await veil(api.city, media_id)
    shown = await api.http.get(path, headers=await api.headers("citizen-2"))
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.headers["cache-control"] == "private, no-store"
    assert Image.open(io.BytesIO(shown.content)).size == (96, 64), "made of the veiled copy"
    assert (await api.http.get(path)).json()["code"] == "SIGN_IN_REQUIRED"
    for who, address, code in (
        ("citizen-1", path, "HANDLE_INVALID"),
        ("inspector-1", path, "HANDLE_INVALID"),
        ("citizen-2", path[:-6], "HANDLE_INVALID"),
        ("citizen-2", f"/media/{media_id}", "PHOTO_UNKNOWN"),
    ):
        refused = await api.http.get(address, headers=await api.headers(who))
        assert (refused.status_code, refused.json()["code"]) == (404, code)


async def test_a_foreign_and_an_expired_token_join_nothing(api: Api) -> None:
    case_id, _ = await reported(api)
    [similar] = await look(api)
    foreign = await join(api, similar["token"], "citizen-1")
    assert (foreign["__typename"], foreign["code"]) == ("Problem", "HANDLE_INVALID")
    [own] = await look(api, "citizen-1")
    assert own["isOwn"] and (await join(api, own["token"], "citizen-1"))["code"] == "OWN_REPORT"
    assert (await join(api, "made-up"))["code"] == "HANDLE_INVALID"
    earlier = replace(api.city, clock=HalfAnHourAgo(api.city.clock))
    old = seal_handle(earlier, api.people["citizen-2"], case_id)
    expired = await join(api, old)
    assert (expired["code"], expired["retryable"]) == ("HANDLE_EXPIRED", False)
    case = await api.city.database.cases.find_one({"_id": case_id})
    assert case is not None and case["joined_reports"] == []


@dataclass
class HalfAnHourAgo:
    """A clock that is 31 minutes slow."""

    clock: Clock

    def now(self) -> datetime:
        return self.clock.now() - timedelta(minutes=31)


async def test_whoever_joined_follows_the_case_without_reading_what_others_reported(api: Api) -> None:
    case_id, first_photo = await reported(api)
    own_photo = await upload(api, "citizen-2", "blue")
    [similar] = await look(api)
    joined = await join(api, similar["token"], description="我也看到了", mediaIds=[own_photo])
    assert (joined["id"], joined["reportCount"]) == (case_id, 2)
    await do_all_work(api)
    seen = await api.do("citizen-2", "citizen", "CaseWithHistory", id=case_id)
    assert (seen["state"], seen["description"], seen["place"]["address"]) == (
        "PENDING_VERIFICATION", "我也看到了", "",
    )  # fmt: skip
    assert [photo["mediaId"] for photo in seen["photos"]] == [checked_client_id(own_photo)]
    steps = {row["action"]: row for row in seen["history"]}
    assert steps["SUBMIT"]["mediaIds"] == [] and steps["SUBMIT"]["personName"] is None
    assert steps["JOIN"]["personName"] == "citizen-2"
    assert _SECRET not in json.dumps(seen, ensure_ascii=False)
    opened = await api.http.get(f"/media/{first_photo}", headers=await api.headers("citizen-2"))
    assert opened.json()["code"] == "PHOTO_UNKNOWN"

    first = await api.do("citizen-1", "citizen", "CaseWithHistory", id=case_id)
    assert _SECRET in first["description"] and first["place"]["address"] == _SECRET
    assert [photo["mediaId"] for photo in first["photos"]] == [checked_client_id(first_photo)]
    assert "JOIN" not in {row["action"] for row in first["history"]}
    reports = await api.do("citizen-1", "citizen", "CaseReports", id=case_id)
    assert (reports["reportCount"], reports["joinedReports"]) == (2, [])
    opened = await api.http.get(f"/media/{own_photo}", headers=await api.headers("citizen-1"))
    assert opened.json()["code"] == "PHOTO_UNKNOWN"

    staff = await api.do("acceptor-1", "seat", "CaseReports", id=case_id)
    assert [row["description"] for row in staff["joinedReports"]] == ["我也看到了"]
    shown = await api.do("acceptor-1", "seat", "CaseWithHistory", id=case_id)
    assert len(shown["photos"]) == 2


async def test_an_officer_does_not_learn_who_joined(api: Api) -> None:
    case_id, _ = await reported(api)
    for who, app in (("citizen-2", "citizen"), ("inspector-1", "inspector"), ("inspector-2", "inspector")):
        [similar] = await look(api, who, app)
        joined = await join(api, similar["token"], who)
        assert joined["__typename"] == "Case" or joined["code"] == "SEPARATION_OF_DUTIES"
    values = {"state": "DISPATCHED", "department_id": "sanitation", "task": None}
    await api.city.database.cases.update_one({"_id": case_id}, {"$set": values})
    seen = await api.do("officer-1", "officer", "TaskCase", id=case_id)
    joins = [row for row in seen["history"] if row["action"] == "JOIN"]
    assert len(joins) == 2 and {row["personName"] for row in joins} == {None}


async def test_reporters_of_a_merged_case_keep_their_thread_and_follow_the_other(api: Api) -> None:
    target, _ = await reported(api)
    duplicate, _ = await reported(api, "citizen-2", "blue")
    [candidate] = await api.do("dispatcher-1", "seat", "DuplicateCandidates", caseId=duplicate)
    assert candidate["case"]["id"] == target and candidate["score"] > 60
    merged = await seat_merges(api, duplicate, target)
    assert (merged["state"], merged["mergedInto"]["id"]) == ("MERGED", target)

    own = await api.do("citizen-2", "citizen", "CaseReports", id=duplicate)
    assert (own["stateName"], own["mergedInto"]["stateName"]) == ("已合并", "待核实")
    followed = await api.do("citizen-2", "citizen", "CaseReports", id=target)
    assert [row["mergedCaseId"] for row in followed["joinedReports"]] == [duplicate]
    thread = await api.do("citizen-2", "citizen", "CaseWithHistory", id=duplicate)
    assert _SECRET in thread["description"] and "MERGE" in {row["action"] for row in thread["history"]}
    theirs = await api.do("citizen-1", "citizen", "CaseWithHistory", id=target)
    assert "citizen-2" not in json.dumps(theirs) and "TAKE_IN" not in {r["action"] for r in theirs["history"]}
    listed = (await api.do("citizen-2", "citizen", "MyCases"))["nodes"]
    assert {row["id"] for row in listed} == {duplicate, target}
    seats = (await api.do("dispatcher-1", "seat", "CasesPage"))["nodes"]
    assert [row["id"] for row in seats] == [target]

    back = await step(api, "acceptor-1", "seat", "UnmergeCase", duplicate, reason="并错了")
    assert (back["state"], back["mergedInto"]) == ("PENDING_VERIFICATION", None)
    query = "query($id: ID!) { case(id: $id) { id } }"
    assert (await api.ask(query, {"id": target}, "citizen-2"))["data"]["case"] is None


async def test_only_seats_who_see_both_merge_and_citizens_ask_for_no_candidates(api: Api) -> None:
    target, _ = await reported(api)
    duplicate, _ = await reported(api, "citizen-2", "blue")
    given = {"clientId": new_uuid(), "caseId": duplicate, "intoCaseId": target, "reason": "同一件"}
    for who, code in (("citizen-2", "NOT_ALLOWED"), ("inspector-1", "NOT_ALLOWED")):
        problem = await api.do(who, "seat", "MergeCases", input=given)
        assert (problem["__typename"], problem["code"]) == ("Problem", code)
    query = "query($id: ID!) { duplicateCandidates(caseId: $id) { score } }"
    answer = await api.ask(query, {"id": duplicate}, "citizen-2")
    assert answer["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"
    case = await api.city.database.cases.find_one({"_id": duplicate})
    assert case is not None and case["state"] == "PENDING_VERIFICATION"
