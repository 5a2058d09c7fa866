"""Signs are made once, hang at something, and open what is around until they are taken down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from city_core.kit.city import City
from city_core.kit.geo import to_wgs84
from city_core.kit.problems import CityProblem
from city_core.places.locate import GivenPoint
from city_core.signs.codes import new_code, read_code, sign_keys
from city_core.signs.disable_sign import disable_sign
from city_core.signs.make_signs import make_signs
from city_core.signs.model import Sign
from city_core.signs.queries import page_of_signs, signs_to_print
from city_core.signs.scan import scan
from city_core.signs.subjects import NewSign
from tests.hand_clock import HandClock, beijing
from tests.integration.cases.support import People
from tests.integration.signs.signposts import COVER, TOILET, a_sign, command, furnish
from tests.village import GRID, INSIDE, OUTSIDE, STREET, found_village

HERE = NewSign(place=GivenPoint(*INSIDE), name="村口")


@pytest.fixture
async def people(city: City) -> AsyncIterator[People]:
    found = await found_village(city)
    await city.database.divisions.insert_one(
        {"_id": STREET, "level": "street", "name_zh": "车站街道", "parent_code": "370303"}
    )
    await furnish(city)
    yield found


def noon(city: City) -> City:
    return replace(city, clock=HandClock(beijing(2, 12)))


async def test_signs_are_made_for_a_component_a_point_and_a_place(city: City, people: People) -> None:
    wanted = [NewSign(component_code=COVER), NewSign(point_id=TOILET), HERE]
    once = command()
    signs = await make_signs(city, people["acceptor-1"], once, wanted)
    assert [sign["subject"] for sign in signs] == ["COMPONENT", "POINT", "PLACE"]
    assert [sign["name_zh"] for sign in signs] == ["类别C0102", "toilet0001", "村口"]
    assert [sign["type_code"] for sign in signs] == ["C0102", None, None]  # C0301 is not in this catalogue
    assert {(sign["street_code"], sign["grid_code"]) for sign in signs} == {(STREET, GRID)}
    keys = sign_keys(city.settings)
    assert all(read_code(sign["code"], keys) for sign in signs)
    assert len([Sign.model_validate(row) async for row in city.database.signs.find({})]) == 3
    assert await make_signs(city, people["acceptor-1"], once, wanted) == signs
    with pytest.raises(CityProblem, match="COMMAND_REUSED"):
        await make_signs(city, people["acceptor-1"], once, wanted[:2])
    assert await city.database.signs.count_documents({}) == 3


async def test_a_command_that_comes_ten_times_at_once_makes_its_signs_once(
    city: City, people: People
) -> None:
    once, wanted = command(), [HERE] * 50
    answers = await asyncio.gather(*(make_signs(city, people["acceptor-1"], once, wanted) for _ in range(10)))
    assert all(answer == answers[0] for answer in answers)
    assert await city.database.signs.count_documents({}) == 50


@pytest.mark.parametrize(
    ("wanted", "code", "field"),
    [
        ([], "REQUEST_INVALID", "signs"),
        ([HERE] * 501, "REQUEST_INVALID", "signs"),
        ([HERE, NewSign()], "REQUEST_INVALID", "signs[1]"),
        ([replace(HERE, point_id=TOILET)], "REQUEST_INVALID", "signs[0]"),
        ([replace(HERE, name=" ")], "TEXT_INVALID", "signs[0].name"),
        ([replace(HERE, name="长" * 41)], "TEXT_INVALID", "signs[0].name"),
        ([replace(HERE, address="长" * 201)], "TEXT_INVALID", "signs[0].address"),
        ([HERE, replace(HERE, place=GivenPoint(*OUTSIDE))], "PLACE_OUTSIDE_CITY", "place"),
        ([NewSign(point_id="toilet:0004")], "POINT_UNKNOWN", "signs[0].pointId"),
        ([NewSign(component_code="3703030102999999")], "COMPONENT_CODE_INVALID", "signs[0].componentCode"),
    ],
)
async def test_a_batch_with_one_bad_sign_makes_none(
    city: City, people: People, wanted: list[NewSign], code: str, field: str
) -> None:
    with pytest.raises(CityProblem) as refused:
        await make_signs(city, people["acceptor-1"], command(), wanted)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert await city.database.signs.count_documents({}) == 0


@pytest.mark.parametrize("who", ["citizen-1", "inspector-1", "officer-1", "leader-1"])
async def test_only_seats_and_the_administrator_keep_signs(city: City, people: People, who: str) -> None:
    sign = await a_sign(city, people)
    for refused in (
        make_signs(city, people[who], command(), [HERE]),
        disable_sign(city, people[who], command(), sign["_id"]),
        page_of_signs(city, people[who]),
        signs_to_print(city, people[who], [sign["_id"]]),
    ):
        with pytest.raises(CityProblem, match="NOT_ALLOWED"):
            await refused
    stored = await city.database.signs.find_one({})
    assert stored == sign


async def test_a_seat_keeps_the_signs_of_its_streets_only(city: City, people: People) -> None:
    sign = await a_sign(city, people, "administrator-1")
    elsewhere = replace(people["acceptor-1"], street_codes=frozenset({"370303002"}))
    with pytest.raises(CityProblem, match="NOT_ALLOWED"):
        await make_signs(city, elsewhere, command(), [HERE])
    with pytest.raises(CityProblem, match="SIGN_UNKNOWN"):
        await disable_sign(city, elsewhere, command(), sign["_id"])
    with pytest.raises(CityProblem, match="NOT_ALLOWED"):
        await page_of_signs(city, elsewhere, street_code=STREET)
    with pytest.raises(CityProblem, match="SIGN_UNKNOWN"):
        await signs_to_print(city, elsewhere, [sign["_id"]])
    assert (await page_of_signs(city, elsewhere)).rows == []
    assert len((await page_of_signs(city, people["acceptor-1"])).rows) == 1


async def test_a_list_is_read_page_by_page(city: City, people: People) -> None:
    clock = HandClock(beijing(2, 9))
    timed = replace(city, clock=clock)
    for _ in range(3):
        clock.turn(minutes=1)
        await make_signs(timed, people["acceptor-1"], command(), [HERE, NewSign(point_id=TOILET)])
    seen: list[str] = []
    after = None
    while True:
        page = await page_of_signs(timed, people["acceptor-1"], street_code=STREET, first=4, after=after)
        seen += [row["_id"] for row in page.rows]
        after = page.end_cursor
        if not page.has_next:
            break
    stored = await city.database.signs.find({}).sort([("made_at", -1), ("_id", -1)]).to_list(None)
    assert seen == [row["_id"] for row in stored]
    of_point = await page_of_signs(timed, people["administrator-1"], point_id=TOILET)
    assert len(of_point.rows) == 3
    with pytest.raises(CityProblem, match="PAGE_INVALID"):
        await page_of_signs(timed, people["acceptor-1"], after="WyJhIiwiYiJd")


async def test_a_scan_shows_the_nearest_of_each_layer_and_whether_it_is_open(
    city: City, people: People
) -> None:
    sign = await a_sign(city, people, point_id=TOILET)
    scanned = await scan(noon(city), sign["code"].lower())
    assert scanned is not None
    assert [(row["_id"], row["is_open"], row["hours_today"]) for row in scanned.around] == [
        ("toilet:0003", False, []),
        ("toilet:0002", True, ["08:00-20:00"]),
        ("parking:0001", True, []),
    ]
    assert [round(row["distance_m"]) for row in scanned.around] == pytest.approx([200, 300, 2_900], abs=5)
    assert (scanned.street_name, scanned.community_name) == ("车站街道", "")
    assert scanned.point is not None and scanned.point["is_open"]
    assert not any("stream_address" in row for row in scanned.around)
    at_night = await scan(replace(city, clock=HandClock(beijing(2, 21))), sign["code"])
    assert at_night is not None and not at_night.around[1]["is_open"]


async def test_a_scan_answers_in_the_datum_that_was_asked_for(city: City, people: People) -> None:
    sign = await a_sign(city, people, component_code=COVER)
    scanned = await scan(city, sign["code"], "GCJ02")
    assert scanned is not None and scanned.datum == "GCJ02"
    assert to_wgs84(scanned.lng_lat, "GCJ02") == pytest.approx(INSIDE, abs=1e-8)
    assert to_wgs84(scanned.around[0]["lng_lat"], "GCJ02") == pytest.approx(INSIDE, abs=1e-8)
    assert scanned.component is not None and scanned.component["type_code"] == scanned.type_code == "C0102"


async def test_a_sign_out_of_use_opens_nothing_and_is_on_record(city: City, people: People) -> None:
    sign, once = await a_sign(city, people), command()
    first = await disable_sign(city, people["acceptor-1"], once, sign["_id"], note="丢失")
    assert (first["state"], first["version"]) == ("DISABLED", 2)
    assert await disable_sign(city, people["acceptor-1"], once, sign["_id"], note="丢失") == first
    with pytest.raises(CityProblem, match="COMMAND_REUSED"):
        await disable_sign(city, people["acceptor-1"], once, sign["_id"], note="别的")
    [change] = first["history"]
    assert (change["kind"], change["person_id"], change["note"]) == ("DISABLED", "acceptor-1", "丢失")
    assert await scan(city, sign["code"]) is None
    with pytest.raises(CityProblem, match="SIGN_UNKNOWN"):
        await signs_to_print(city, people["acceptor-1"], [sign["_id"]])
    with pytest.raises(CityProblem, match="SIGN_UNKNOWN"):
        await disable_sign(city, people["acceptor-1"], command(), "nothing")


async def test_a_forged_code_is_refused_without_asking_the_database(city: City, people: People) -> None:
    await city.database.command("profile", 2)
    assert await scan(city, "2345-6789-ABCD") is None
    assert await city.database["system.profile"].count_documents({"ns": f"{city.database.name}.signs"}) == 0
    unknown = new_code(sign_keys(city.settings))
    assert await scan(city, unknown) is None
    assert await city.database["system.profile"].count_documents({"ns": f"{city.database.name}.signs"}) == 1


async def test_every_read_of_signs_has_an_index(city: City, people: People) -> None:
    sign = await a_sign(city, people)
    await city.database.command("profile", 2)
    await scan(city, sign["code"])
    await page_of_signs(city, people["acceptor-1"], street_code=STREET)
    await page_of_signs(city, people["administrator-1"])
    await make_signs(city, people["acceptor-1"], command(), [NewSign(component_code=COVER)])
    asked = await city.database["system.profile"].find({"planSummary": {"$exists": True}}).to_list(None)
    assert len(asked) > 10
    known = f"{city.database.name}."
    scanned = [row["ns"].removeprefix(known) for row in asked if "COLLSCAN" in row["planSummary"]]
    assert [name for name in scanned if name in ("signs", "points", "components", "divisions")] == []
