"""Photos are weighed whichever comes last, the photo or the report; done again it changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from city_core.cases.duplicates.merge import merge_cases
from city_core.cases.evidence.ask import ask_to_weigh, photo_can_be_weighed
from city_core.cases.evidence.rules import EVIDENCE_BOOK
from city_core.cases.joint.split import Part, split_case
from city_core.cases.model import Case
from city_core.cases.submit import submit_report
from city_core.kit.city import City
from city_core.media.look_bands import look_bands
from tests.integration.cases.evidence.support import (
    LOOK,
    OTHER_LOOK,
    flags_of,
    handled_with,
    ready_photo,
    reported,
)
from tests.integration.cases.support import DRAFT, People, command, do_all_work, stored
from tests.rulebooks import put_in_force
from tests.village import INSIDE

FAR_AWAY = {"lng": INSIDE[0], "lat": INSIDE[1] + 0.01}


async def test_a_photo_that_was_there_before_its_report_is_weighed(city: City, people: People) -> None:
    media_id = await ready_photo(city, people["inspector-1"], **FAR_AWAY)
    case = await reported(city, people, media_ids=[media_id])
    [row] = case["evidence"]
    assert (row["media_id"], row["distance_m"]) == (media_id, 1112)
    assert [flag["kind"] for flag in row["flags"]] == ["PLACE_DIFFERS"]
    [step] = [step for step in case["history"] if step["action"] == "WEIGH_EVIDENCE"]
    assert step["facts"] == {"flags": [{"media_id": media_id, "flag": "PLACE_DIFFERS"}]}
    assert (step["person_id"], step["from_state"]) == ("system", step["to_state"])
    Case.model_validate(case)


async def test_a_photo_that_comes_after_its_report_is_weighed(city: City, people: People) -> None:
    media_id = await ready_photo(city, people["inspector-1"], **FAR_AWAY)
    await city.database.photos.update_one({"_id": media_id}, {"$set": {"state": "RECEIVED"}})
    case = await reported(city, people, media_ids=[media_id])
    assert case["evidence"] == []
    await city.database.photos.update_one({"_id": media_id}, {"$set": {"state": "READY"}})
    await photo_can_be_weighed(city, media_id)
    await photo_can_be_weighed(city, media_id)
    await do_all_work(city)
    assert flags_of(await stored(city, case)) == [("REPORT", "PLACE_DIFFERS")]


async def test_weighing_again_writes_nothing(city: City, people: People) -> None:
    media_id = await ready_photo(city, people["inspector-1"], **FAR_AWAY)
    case = await reported(city, people, media_ids=[media_id])
    await ask_to_weigh(city, case["_id"], media_id)
    await do_all_work(city)
    again = await stored(city, case)
    assert (again["version"], again["evidence"]) == (case["version"], case["evidence"])
    assert not [item for item in again["work"] if item["kind"] == "weigh"]


async def test_a_photo_that_somebody_else_owns_is_not_weighed(city: City, people: People) -> None:
    media_id = await ready_photo(city, people["inspector-1"], **FAR_AWAY)
    await city.database.photos.update_one({"_id": media_id}, {"$set": {"state": "RECEIVED"}})
    case = await reported(city, people, media_ids=[media_id])
    taken_over = {"state": "READY", "owner_id": "citizen-2"}
    await city.database.photos.update_one({"_id": media_id}, {"$set": taken_over})
    await photo_can_be_weighed(city, media_id)
    await do_all_work(city)
    assert (await stored(city, case))["evidence"] == []


async def test_an_after_photo_from_before_the_dispatch_is_flagged(city: City, people: People) -> None:
    case = await reported(city, people)
    old = city.clock.now() - timedelta(hours=3)
    done = await handled_with(city, people, case, taken_at=old)
    assert flags_of(done) == [("HANDLE", "TAKEN_BEFORE_DISPATCH")]
    assert done["photos"][-1]["role"] == "AFTER"
    honest = await handled_with(city, people, await reported(city, people))
    assert flags_of(honest) == []


@pytest.mark.parametrize("late", [False, True])
async def test_the_case_that_took_the_same_picture_in_later_is_flagged(
    city: City, people: People, late: bool
) -> None:
    first_photo = await ready_photo(city, people["inspector-1"], LOOK)
    if late:  # the bytes of the first photo come only after the second case was weighed
        await city.database.photos.update_one(
            {"_id": first_photo}, {"$set": {"state": "RECEIVED"}, "$unset": {"look_hash": 1, "look_bands": 1}}
        )
    first = await reported(city, people, media_ids=[first_photo])
    nearly = f"{int(LOOK, 16) ^ 0b101:016x}"
    second_photo = await ready_photo(city, people["inspector-2"], nearly)
    second = await reported(city, people, "inspector-2", media_ids=[second_photo])
    third = await reported(
        city, people, media_ids=[await ready_photo(city, people["inspector-1"], OTHER_LOOK)]
    )
    if late:
        values = {"state": "READY", "look_hash": LOOK, "look_bands": look_bands(LOOK)}
        await city.database.photos.update_one({"_id": first_photo}, {"$set": values})
        await photo_can_be_weighed(city, first_photo)
        await do_all_work(city)
    first, second, third = [await stored(city, case) for case in (first, second, third)]
    [row] = second["evidence"]
    same = {"kind": "SAME_PICTURE", "bits": 2, "case_id": first["_id"], "same_sender": False}
    assert row["flags"] == [same]
    assert flags_of(first) == flags_of(third) == []


async def test_the_same_photo_in_another_case_of_one_sender(city: City, people: People) -> None:
    media_id = await ready_photo(city, people["citizen-1"])  # an even wall: it has no looks
    first = await reported(city, people, "citizen-1", media_ids=[media_id])
    second = await reported(city, people, "citizen-1", media_ids=[media_id])
    assert flags_of(first) == []
    [flag] = second["evidence"][0]["flags"]
    assert (flag["case_id"], flag["same_sender"]) == (first["_id"], True)


async def test_the_before_photo_as_after_photo_is_flagged(city: City, people: People) -> None:
    before = await ready_photo(city, people["inspector-1"], LOOK)
    case = await reported(city, people, media_ids=[before])
    done = await handled_with(city, people, case, await ready_photo(city, people["officer-1"], LOOK))
    assert flags_of(done) == [("HANDLE", "SAME_PICTURE")]
    assert done["evidence"][1]["flags"][0]["media_id"] == before


async def test_merged_cases_and_parts_are_one_thing(city: City, people: People) -> None:
    photos = [await ready_photo(city, people["inspector-1"], LOOK) for _ in range(2)]
    first = await reported(city, people, media_ids=[photos[0]])
    second = await submit_report(city, people["inspector-1"], command(), replace(DRAFT, media_ids=[]))
    await do_all_work(city)
    seat = people["acceptor-1"]
    await merge_cases(city, seat, second["_id"], command(), into_case_id=first["_id"], reason="同一处")
    added_by = {"added_by": "inspector-1", "added_at": city.clock.now(), "use": "REPORT"}
    taken_in = {"$push": {"photos": {"media_id": photos[1], **added_by}}}
    await city.database.cases.update_one({"_id": second["_id"]}, taken_in)
    await photo_can_be_weighed(city, photos[1])
    await do_all_work(city)
    merged = await stored(city, second)
    assert merged["state"] == "MERGED"
    assert [row["flags"] for row in merged["evidence"]] == [[]]


async def test_parts_keep_the_evidence_of_the_whole(city: City, people: People) -> None:
    city = replace(city, settings=city.settings.model_copy(update={"auto_dispatch": False}))
    media_id = await ready_photo(city, people["inspector-1"], LOOK, **FAR_AWAY)
    case = await reported(city, people, media_ids=[media_id])
    parts = [Part("E0110", "E0110-1", "东"), Part("E0110", "E0110-1", "西")]
    await split_case(city, people["dispatcher-1"], case["_id"], command(), parts=parts, opinion="两处")
    for child in await city.database.cases.find({"parent_id": case["_id"]}).to_list(None):
        assert child["evidence"] == case["evidence"] != []
        await ask_to_weigh(city, child["_id"], media_id)
        await do_all_work(city)
        assert flags_of(await stored(city, child)) == [("REPORT", "PLACE_DIFFERS")]


async def test_a_flag_that_is_switched_off_is_not_raised(city: City, people: People) -> None:
    rows = [
        {**row, "enabled": row["flag"] != "PLACE_DIFFERS"} for row in EVIDENCE_BOOK.first_content["flags"]
    ]
    await put_in_force(city, EVIDENCE_BOOK, {"flags": rows})
    media_id = await ready_photo(city, people["inspector-1"], **FAR_AWAY)
    case = await reported(city, people, media_ids=[media_id])
    assert (flags_of(case), case["evidence"][0]["distance_m"]) == ([], 1112)


async def test_looks_are_found_through_their_index(city: City, people: People) -> None:
    media_id = await ready_photo(city, people["inspector-1"], LOOK)
    query = {"look_bands": {"$in": look_bands(LOOK)}}
    cursor = city.database.photos.find(query, {"look_hash": 1}).sort("received_at", 1).limit(10)
    plan = await cursor.explain()
    assert "looks" in str(plan["queryPlanner"]["winningPlan"])
    assert plan["executionStats"]["totalDocsExamined"] == 1
    assert [row["_id"] for row in await city.database.photos.find(query).to_list(None)] == [media_id]
