"""Looking for what was reported before, and joining it."""

from __future__ import annotations

import asyncio
import io
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from PIL import Image

from city_core.cases.cancel import cancel_report
from city_core.cases.duplicates.find import SimilarCase, duplicate_candidates
from city_core.cases.duplicates.glimpse import glimpse
from city_core.cases.duplicates.handles import seal_handle
from city_core.cases.duplicates.join import join_case
from city_core.cases.duplicates.merge import merge_cases
from city_core.cases.duplicates.rules import DUPLICATES
from city_core.cases.duplicates.scoring import Likeness
from city_core.cases.photos import open_photo
from city_core.cases.queries import find_case
from city_core.cases.reject import reject_report
from city_core.cases.return_task import return_task
from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import publish_csv
from city_core.people.roles import Actor
from tests.integration.cases.duplicates.support import (
    SetClock,
    command,
    dispatched,
    do_all_work,
    look,
    photo,
    report,
    stored,
    told,
)
from tests.veils_by_hand import veil

People = dict[str, Actor]


async def test_a_similar_open_case_is_shown_without_anything_that_is_not_the_askers(
    city: City, people: People
) -> None:
    case = await report(city, people["citizen-1"])
    [similar] = await look(city, people["citizen-2"], 23)
    assert (similar.distance_m, similar.state, similar.type_code, similar.minutes) == (
        20,
        "REPORTED",
        "E0110",
        0,
    )
    assert similar.likeness.reasons == {Likeness.NEAR: 23, Likeness.RECENT: 0, Likeness.SAME_TYPE: 1}
    assert not similar.is_own and not similar.has_photo
    assert case["_id"] not in similar.token and "citizen" not in similar.token
    assert {field.name for field in fields(SimilarCase)} == {
        "token", "has_photo", "distance_m", "state", "type_code", "minutes", "is_own", "likeness",
    }  # fmt: skip
    [own] = await look(city, people["citizen-1"])
    assert own.is_own


async def test_far_old_ended_and_other_things_are_not_shown(city: City, people: People) -> None:
    case = await report(city, people["citizen-1"])
    asker = people["citizen-2"]
    assert await look(city, asker, 60) == []
    assert await look(city, asker, type_code="C0102") == []
    assert len(await look(city, asker, type_code=None)) == 1
    await city.database.cases.update_one(
        {}, {"$set": {"reported_at": city.clock.now() - timedelta(hours=25)}}
    )
    assert await look(city, asker) == []
    await city.database.cases.update_one({}, {"$set": {"reported_at": city.clock.now()}})
    await cancel_report(city, people["citizen-1"], case["_id"], command())
    assert await look(city, asker) == []


async def test_at_most_ten_are_shown_the_most_alike_first(city: City, people: People) -> None:
    for metres in range(0, 48, 4):
        await report(city, people["citizen-1"], metres)
    found = await look(city, people["citizen-2"])
    scores = [similar.likeness.score for similar in found]
    assert len(found) == 10 and scores == sorted(scores, reverse=True)
    assert found[0].likeness.distance_m < 1


async def test_the_city_chooses_radius_and_hours_by_type(city: City, people: People) -> None:
    await report(city, people["citizen-1"])
    assert await look(city, people["citizen-2"], 70) == []
    head = "type_prefix,radius_m,within_hours,photo_distance,recurrence_radius_m,recurrence_days\n"
    given = {"by": "administrator-1", "client_id": command().client_id, "input_hash": "x"}
    bad = await publish_csv(city, DUPLICATES, {"duplicates": f"{head},,,,,\nX9,80,,,,\n"}, **given)
    assert [(fault.row, fault.column) for fault in bad.faults] == [(3, "type_prefix")]
    good = await publish_csv(city, DUPLICATES, {"duplicates": f"{head},,,,,\nE01,80,,,,\n"}, **given)
    assert good.is_published
    assert len(await look(city, people["citizen-2"], 70)) == 1


async def test_the_same_component_is_found_farther_away(city: City, people: People) -> None:
    await report(
        city, people["citizen-1"], 300, type_code="C0102", condition_id=None, component_code="LAMP-7"
    )
    near = await look(city, people["citizen-2"], type_code="C0102", component_code="LAMP-8")
    same = await look(city, people["citizen-2"], type_code="C0102", component_code="LAMP-7")
    assert near == [] and [similar.distance_m for similar in same] == [300]


async def test_a_similar_photo_makes_another_type_a_candidate(city: City, people: People) -> None:
    first, second = people["citizen-1"], people["citizen-2"]
    shown, same, other = [
        await photo(city, who, seed) for who, seed in ((first, 1), (second, 1), (second, 2))
    ]
    await report(city, first, media_ids=[shown])
    assert await look(city, second, type_code="C0102", media_ids=[other]) == []
    [similar] = await look(city, second, type_code="C0102", media_ids=[same])
    assert similar.likeness.reasons[Likeness.SIMILAR_PHOTO] == 0
    with pytest.raises(CityProblem, match="PHOTO_UNKNOWN"):
        await look(city, second, media_ids=[shown])


async def test_seats_see_candidates_among_the_cases_that_they_may_see(city: City, people: People) -> None:
    case, other = await report(city, people["citizen-1"]), await report(city, people["citizen-2"], 10)
    [found] = await duplicate_candidates(city, people["dispatcher-1"], case["_id"], ["description"])
    assert found.case == {"_id": other["_id"], "description": "墙边有垃圾"}
    far = replace(people["dispatcher-1"], street_codes=frozenset({"far"}))
    with pytest.raises(CityProblem, match="CASE_NOT_FOUND"):
        await duplicate_candidates(city, far, case["_id"])
    for name in ("citizen-1", "inspector-1", "officer-1", "administrator-1"):
        with pytest.raises(CityProblem, match="NOT_ALLOWED"):
            await duplicate_candidates(city, people[name], case["_id"])
    with pytest.raises(CityProblem, match="NOT_ALLOWED"):
        await look(city, people["dispatcher-1"])


async def test_a_merged_case_leads_to_the_one_that_is_worked_on(city: City, people: People) -> None:
    duplicate, target = await report(city, people["citizen-1"]), await report(city, people["inspector-1"], 45)
    await do_all_work(city)
    await merge_cases(city, people["dispatcher-1"], duplicate["_id"], command(),
                      into_case_id=target["_id"], reason="同一件")  # fmt: skip
    [similar] = await look(city, people["citizen-2"], -10)  # near the duplicate only
    joined = await join_case(city, people["citizen-2"], command(), token=similar.token)
    assert joined["_id"] == target["_id"]


async def test_the_glimpse_is_for_the_holder_of_the_token_and_veiled_for_strangers(
    city: City, people: People
) -> None:
    first, second = people["citizen-1"], people["citizen-2"]
    case = await report(city, first, media_ids=[await photo(city, first, 1)])
    [similar] = await look(city, second)
    with pytest.raises(CityProblem, match="PHOTO_NOT_READY"):
        await glimpse(city, second, similar.token)
    [own] = await look(city, people["inspector-1"])
    clear = await glimpse(city, people["inspector-1"], own.token)
    assert Image.open(io.BytesIO(clear.data)).size == (160, 120)
    await veil(city, case["photos"][0]["media_id"], "white")
    for who, token, is_veiled in ((second, similar.token, True), (people["inspector-1"], own.token, False)):
        shown = Image.open(io.BytesIO((await glimpse(city, who, token)).data))
        assert (shown.convert("L").getextrema() == (255, 255)) is is_veiled
    for who, token in ((first, similar.token), (second, own.token), (second, "made-up"), (second, "é")):
        with pytest.raises(CityProblem, match="HANDLE_INVALID"):
            await glimpse(city, who, token)
    await cancel_report(city, first, case["_id"], command())
    with pytest.raises(CityProblem, match="PHOTO_UNKNOWN"):
        await glimpse(city, second, similar.token)


async def test_whoever_joins_follows_the_case_and_is_told_how_it_goes_on(city: City, people: People) -> None:
    case = await dispatched(city, people)
    second = people["citizen-2"]
    assert await find_case(city, second, case["_id"]) is None
    [similar] = await look(city, second)
    joined = await join_case(city, second, command(), token=similar.token, description="我也看到了")
    assert joined["history"][-1]["action"] == "JOIN" and joined["state"] == "DISPATCHED"
    [row] = joined["joined_reports"]
    assert (row["reporter_id"], row["description"], row["merged_case_id"]) == (
        "citizen-2",
        "我也看到了",
        None,
    )
    assert await find_case(city, second, case["_id"]) is not None
    await hand_back(city, people, case["_id"])
    await do_all_work(city)
    assert [message["case_id"] for message in await told(city, "citizen-2")] == [case["_id"]]


async def hand_back(city: City, people: People, case_id: str) -> None:
    case = await stored(city, case_id)
    await return_task(city, people[case["task"]["assignee_id"]], case_id, command(), opinion="不属本单位")


async def test_joining_again_and_many_at_once_makes_one_row(city: City, people: People) -> None:
    case = await report(city, people["citizen-1"])
    second, once = people["citizen-2"], command()
    [similar] = await look(city, second)
    first = await join_case(city, second, once, token=similar.token)
    assert await join_case(city, second, once, token=similar.token) == first
    assert await join_case(city, second, command(), token=similar.token, description="再次") == first
    tokens = seal_handle(city, people["inspector-1"], case["_id"])
    tries = [join_case(city, people["inspector-1"], command(), token=tokens) for _ in range(8)]
    await asyncio.gather(*tries)
    rows = (await stored(city, case["_id"]))["joined_reports"]
    assert [row["reporter_id"] for row in rows] == ["citizen-2", "inspector-1"]
    with pytest.raises(CityProblem, match="COMMAND_REUSED"):
        await join_case(city, second, once, token=similar.token, description="other")


async def test_refused_joins_say_why_and_change_nothing(city: City, people: People) -> None:
    case = await report(city, people["citizen-1"])
    [own] = await look(city, people["citizen-1"])
    [similar] = await look(city, people["citizen-2"])
    with pytest.raises(CityProblem, match="OWN_REPORT"):
        await join_case(city, people["citizen-1"], command(), token=own.token)
    for who, token in (("citizen-1", similar.token), ("citizen-2", similar.token[:-3]), ("citizen-2", "")):
        with pytest.raises(CityProblem, match="HANDLE_INVALID"):
            await join_case(city, people[who], command(), token=token)
    with pytest.raises(CityProblem, match="NOT_ALLOWED"):
        await join_case(city, people["officer-1"], command(), token=similar.token)
    await do_all_work(city)
    verifier = people[(await stored(city, case["_id"]))["task"]["assignee_id"]]
    with pytest.raises(CityProblem, match="SEPARATION_OF_DUTIES"):
        await join_case(city, verifier, command(), token=seal_handle(city, verifier, case["_id"]))
    assert (await stored(city, case["_id"]))["joined_reports"] == []
    await reject_report(city, people["acceptor-1"], case["_id"], command(), opinion="不属实")
    with pytest.raises(CityProblem) as ended:
        await join_case(city, people["citizen-2"], command(), token=similar.token)
    assert (ended.value.code, ended.value.allowed) == ("CASE_ENDED", "submitReport")
    assert "submit a new report" in ended.value.kind.en


async def test_a_token_ends_but_a_repeated_command_is_still_answered(city: City, people: People) -> None:
    case = await report(city, people["citizen-1"])
    clock = SetClock(city.clock.now())
    later = replace(city, clock=clock)
    [similar] = await look(later, people["citizen-2"])
    once = command()
    await join_case(later, people["citizen-2"], once, token=similar.token)
    token = seal_handle(later, people["inspector-1"], case["_id"])
    clock.at += timedelta(minutes=31)
    again = await join_case(later, people["citizen-2"], once, token=similar.token)
    assert len(again["joined_reports"]) == 1
    with pytest.raises(CityProblem, match="HANDLE_EXPIRED"):
        await join_case(later, people["inspector-1"], command(), token=token)
    with pytest.raises(CityProblem, match="HANDLE_EXPIRED"):
        await glimpse(later, people["inspector-1"], token)


async def test_reporters_of_the_same_thing_do_not_see_each_others_photos(city: City, people: People) -> None:
    first, second = people["citizen-1"], people["citizen-2"]
    theirs, own = await photo(city, first, 1), await photo(city, second, 2)
    await report(city, first, media_ids=[theirs])
    [similar] = await look(city, second)
    await join_case(city, second, command(), token=similar.token, media_ids=[own])
    for who, media_id in ((first, own), (second, theirs)):
        with pytest.raises(CityProblem, match="PHOTO_UNKNOWN"):
            await open_photo(city, who, media_id, "small")
    for media_id in (theirs, own):
        assert (await open_photo(city, people["inspector-1"], media_id, "small")).data


async def test_a_report_that_others_joined_is_not_withdrawn(city: City, people: People) -> None:
    case = await report(city, people["citizen-1"])
    [similar] = await look(city, people["citizen-2"])
    joined = await join_case(city, people["citizen-2"], command(), token=similar.token)
    with pytest.raises(CityProblem, match="JOINED_BY_OTHERS"):
        await cancel_report(city, people["citizen-1"], case["_id"], command())
    with pytest.raises(CityProblem, match="NOT_ALLOWED"):
        await cancel_report(city, people["citizen-2"], case["_id"], command())
    assert await stored(city, case["_id"]) == joined
