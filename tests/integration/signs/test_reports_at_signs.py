"""A report that is begun at a sign is where the sign hangs; a phone far away is noted, not refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from city_core.cases.model import Case
from city_core.cases.submit import given_in, submit_report
from city_core.commands.table import QUEUEABLE
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.signs.at_sign import at_sign
from city_core.signs.codes import in_groups, new_code, sign_keys
from city_core.signs.disable_sign import disable_sign
from tests.integration.cases.support import DRAFT, People
from tests.integration.signs.signposts import COVER, METRE, a_sign, command, furnish
from tests.village import INSIDE, OUTSIDE, found_village


@pytest.fixture
async def people(city: City) -> AsyncIterator[People]:
    found = await found_village(city)
    await furnish(city)
    yield found


async def report(city: City, people: People, sign: Row, **more: Any) -> Row:
    draft = replace(DRAFT, sign_code=in_groups(sign["code"]), **more)
    return await submit_report(city, people["citizen-1"], command(), await at_sign(city, draft))


async def test_the_place_is_the_signs_and_so_is_the_component(city: City, people: People) -> None:
    sign = await a_sign(city, people, component_code=COVER, address="柳泉路 5 号")
    case = await report(city, people, sign, lng=118.0551, address="", component_code="别的")
    place = case["place"]
    assert (place["given_lng"], place["given_lat"], place["datum"]) == (*INSIDE, "WGS84")
    assert (place["source"], place["address"], place["accuracy_m"]) == ("SIGN", "柳泉路 5 号", None)
    assert case["component_code"] == COVER
    assert case["sign"] == {"sign_id": sign["_id"], "phone_distance_m": 9, "is_far": False}
    stored = Case.model_validate(await city.database.cases.find_one({"_id": case["_id"]}))
    assert stored.sign is not None and stored.sign.sign_id == sign["_id"]


@pytest.mark.parametrize(("metres", "is_far"), [(199, False), (202, True)])
async def test_a_phone_far_away_is_noted(city: City, people: People, metres: int, is_far: bool) -> None:
    sign = await a_sign(city, people)
    case = await report(city, people, sign, lat=INSIDE[1] + metres * METRE)
    assert case["sign"]["is_far"] is is_far
    assert case["sign"]["phone_distance_m"] == metres


async def test_a_phone_outside_the_city_still_reports_at_the_sign(city: City, people: People) -> None:
    case = await report(city, people, await a_sign(city, people), lng=OUTSIDE[0], lat=OUTSIDE[1])
    assert case["place"]["point"]["coordinates"] == list(INSIDE)
    assert case["sign"]["is_far"] and case["sign"]["phone_distance_m"] > 100_000
    with pytest.raises(CityProblem, match="PLACE_INVALID"):
        await report(city, people, await a_sign(city, people), lng=500.0)


async def test_a_sign_that_is_unknown_or_out_of_use_takes_no_report(city: City, people: People) -> None:
    sign = await a_sign(city, people)
    await disable_sign(city, people["acceptor-1"], command(), sign["_id"])
    for code in (sign["code"], new_code(sign_keys(city.settings)), "nonsense", ""):
        with pytest.raises(CityProblem) as refused:
            await report(city, people, {"code": code})
        assert (refused.value.code, refused.value.field) == ("SIGN_UNKNOWN", "signCode")
    assert await city.database.cases.count_documents({}) == 0


async def test_a_report_repeated_after_its_sign_was_taken_down_is_answered_again(
    city: City, people: People
) -> None:
    sign, once = await a_sign(city, people), command()
    draft = replace(DRAFT, sign_code=sign["code"])
    first = await submit_report(city, people["citizen-1"], once, await at_sign(city, draft))
    await disable_sign(city, people["acceptor-1"], command(), sign["_id"])
    again = await submit_report(city, people["citizen-1"], once, await at_sign(city, draft))
    assert again["_id"] == first["_id"]
    with pytest.raises(CityProblem, match="COMMAND_REUSED"):
        await submit_report(city, people["citizen-1"], once, await at_sign(city, DRAFT))


def test_what_tells_a_repeated_report_is_as_before_without_a_sign() -> None:
    assert set(given_in(DRAFT)) == {
        "type_code", "condition_id", "description", "lng", "lat", "datum", "accuracy_m", "address",
        "media_ids",
    }  # fmt: skip
    assert given_in(replace(DRAFT, sign_code="ABC"))["sign_code"] == "ABC"


async def test_a_report_that_lay_in_a_phones_queue_is_at_its_sign_too(city: City, people: People) -> None:
    sign = await a_sign(city, people)
    given = {
        **given_in(DRAFT), "point": {"lng": 118.0, "lat": 36.8, "datum": "WGS84", "accuracy_m": None},
        "component_code": None, "sign_code": sign["code"],
    }  # fmt: skip
    case = await QUEUEABLE["submit_report"](city, people["citizen-1"], command(), given)
    assert case["sign"]["sign_id"] == sign["_id"]
    del given["sign_code"]  # as one lay there before the city knew signs
    with pytest.raises(CityProblem, match="PLACE_OUTSIDE_CITY"):
        await QUEUEABLE["submit_report"](city, people["citizen-1"], command(), given)
