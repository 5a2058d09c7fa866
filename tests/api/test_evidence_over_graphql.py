"""Who sees flags over GraphQL: those who judge photos, never those who are judged by them."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from city_core.cases.evidence.weigh import weigh_photos
from city_core.kit.waking import Wake
from city_core.kit.work import claim
from tests.api.support import Api, new_uuid, operation
from tests.village import INSIDE

CASE = """query ($id: ID!) { case(id: $id) {
  photos { mediaId use role takenWith
    evidence { takenAt distanceM similarity
      flags { kind title text distanceM sameSender otherCase { id } } } }
  history { action } } }"""
POINT = {"lng": INSIDE[0], "lat": INSIDE[1]}


async def ready_photo(api: Api, who: str, **capture: Any) -> str:
    media_id = uuid.uuid4().hex
    now = api.city.clock.now()
    await api.city.database.photos.insert_one({
        "_id": media_id, "owner_id": who, "state": "READY", "look_hash": None, "received_at": now,
        "work": [],
        "capture": {
            "taken_at": now - timedelta(hours=30), "lng": INSIDE[0], "lat": INSIDE[1] + 0.01, **capture,
        },
    })  # fmt: skip
    return media_id


async def reported(api: Api, who: str, media_id: str) -> str:
    """Report with one photo of which something is said, and have it weighed."""
    said = [{"mediaId": media_id, "role": "FAR", "takenWith": "GALLERY"}]
    given = {"clientId": new_uuid(), "typeCode": "E0110", "conditionId": "E0110-1", "point": POINT}
    case = await api.do(who, "inspector", "SubmitReport", input={**given, "photos": said})
    assert case["__typename"] == "Case", case
    held = await claim(api.city, Wake("weigh", "cases", case["id"], "weigh:1", api.city.clock.now()))
    assert held is not None and await weigh_photos(api.city, held)
    return str(case["id"])


async def shown(api: Api, who: str, case_id: str, **headers: str) -> dict[str, Any]:
    answer = await api.ask(CASE, {"id": case_id}, who, **headers)
    assert "errors" not in answer, answer
    found: dict[str, Any] = answer["data"]["case"]
    return found


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("inspector-1", False), ("inspector-2", True), ("acceptor-1", True), ("leader-of-shift", True),
        ("dispatcher-1", True), ("leader-1", True), ("officer-1", False), ("officer-2", False),
        ("citizen-1", False),
    ],
)  # fmt: skip
async def test_who_sees_the_evidence_of_a_photo(api: Api, who: str, sees: bool) -> None:
    media_id = await ready_photo(api, "inspector-1")
    case_id = await reported(api, "inspector-1", media_id)
    values = {"department_id": "sanitation", "handler_id": "officer-1"}
    everybody = {"people_involved": ["inspector-1", "citizen-1", "officer-1"]}
    await api.city.database.cases.update_one({"_id": case_id}, {"$set": {**values, **everybody}})
    case = await shown(api, who, case_id)
    photos = {photo["mediaId"]: photo for photo in case["photos"]}
    if who != "citizen-1":
        assert (photos[media_id]["role"], photos[media_id]["takenWith"]) == ("FAR", "GALLERY")
        flags = photos[media_id]["evidence"]
        assert (flags is not None) is sees
    else:
        assert photos == {}
    step = "WEIGH_EVIDENCE" in [row["action"] for row in case["history"]]
    assert step is (sees or who == "inspector-1")
    if sees:
        kinds = [flag["kind"] for flag in photos[media_id]["evidence"]["flags"]]
        assert kinds == ["PLACE_DIFFERS", "TAKEN_LONG_AGO", "NOT_FROM_APP_CAMERA"]


async def test_flags_are_told_in_both_languages_without_what_is_protected(api: Api) -> None:
    secret = {"camera": "SECRET-9", "software": "Adobe Photoshop 25 (secret build)"}
    case_id = await reported(api, "inspector-1", await ready_photo(api, "inspector-1", **secret))
    zh = (await shown(api, "acceptor-1", case_id))["photos"][0]["evidence"]
    en = (await shown(api, "acceptor-1", case_id, **{"accept-language": "en"}))["photos"][0]["evidence"]
    assert [flag["text"] for flag in zh["flags"]] == [
        "拍摄地点距案件位置1112米", "拍摄于提交前30小时", "照片由图像软件保存（photoshop）",
        "不是用应用相机拍摄：选自相册",
    ]  # fmt: skip
    assert en["flags"][0]["text"] == "Taken 1112 metres from the place of the case."
    assert (en["distanceM"], en["flags"][0]["distanceM"], en["similarity"]) == (1112, 1112, None)
    assert "secret" not in str(zh).lower() and "36.8" not in str(zh)


async def test_the_other_case_is_named_only_to_those_who_may_see_it(api: Api) -> None:
    media_id = await ready_photo(api, "citizen-1")
    first = await reported(api, "citizen-1", media_id)
    second = await reported(api, "citizen-1", media_id)

    async def same(who: str) -> dict[str, Any]:
        flags = (await shown(api, who, second))["photos"][0]["evidence"]["flags"]
        return {flag["kind"]: flag for flag in flags}["SAME_PICTURE"]

    flag = await same("acceptor-1")
    assert (flag["otherCase"], flag["sameSender"]) == ({"id": first}, True)
    elsewhere = {"place.street_code": "elsewhere", "place.responsibility_grid_id": "elsewhere"}
    await api.city.database.cases.update_one({"_id": first}, {"$set": elsewhere})
    assert (await same("acceptor-1"))["otherCase"] is None


async def test_figures_are_for_those_who_watch(api: Api) -> None:
    now = api.city.clock.now()
    period = {"since": (now - timedelta(days=1)).isoformat(), "until": now.isoformat()}
    assert await api.do("leader-of-shift", "seat", "DisagreementFigures", **period) == []
    document = operation("seat", "DisagreementFigures")
    answer = await api.ask(document, period, "inspector-1")
    assert answer["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"


async def test_words_of_photos_are_checked_like_any_input(api: Api) -> None:
    foreign = await ready_photo(api, "citizen-2")
    given = {"clientId": new_uuid(), "typeCode": "E0110", "conditionId": "E0110-1", "point": POINT}
    problem = await api.do(
        "inspector-1", "inspector", "SubmitReport", input={**given, "photos": [{"mediaId": foreign}]}
    )
    assert problem["code"] == "PHOTO_UNKNOWN"
    assert await api.city.database.cases.count_documents({}) == 0
