"""One-time codes on a real mongod: five tries, limits in every dimension, the same answer for everybody."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.people.code_sender import PrintingSender
from city_core.people.one_time_codes import MOST_TRIES, request_code, sign_in_citizen
from city_core.people.origin import NOWHERE, Origin
from city_core.people.passwords import hash_password
from city_core.people.sign_in import sign_in_staff
from city_core.people.tokens import SignedIn
from city_core.people.try_limits import MOST_AN_HOUR, Tried
from tests.integration.people.conftest import DEVICE, Village

PHONE = "13800138000"
HERE = Origin("203.0.113.7", DEVICE, "citizen")


async def ask(village: Village, phone: str = PHONE, origin: Origin = NOWHERE) -> str:
    """Ask for a code and give the refusal, or nothing."""
    try:
        await request_code(village.city, phone, village.sent, origin)
    except CityProblem as problem:
        return problem.code
    return ""


async def enter(village: Village, code: str, origin: Origin = NOWHERE) -> SignedIn | str:
    try:
        return await sign_in_citizen(village.city, PHONE, code, origin)
    except CityProblem as problem:
        return problem.code


async def test_five_tries_are_all_there_is_however_many_come_at_once(village: Village) -> None:
    assert await ask(village) == ""
    right = village.sent.codes[PHONE][0]
    wrong = "000000" if right != "000000" else "111111"
    answers = await asyncio.gather(*(enter(village, wrong) for _ in range(20)))
    assert answers == ["CODE_WRONG"] * 20
    row = await village.city.database.one_time_codes.find_one({})
    assert row is not None and row["tries"] == MOST_TRIES
    assert await enter(village, right) == "CODE_WRONG"


async def test_the_phone_that_lost_the_answer_may_show_its_code_again_nobody_else_may(
    village: Village,
) -> None:
    assert await ask(village, origin=HERE) == ""
    code = village.sent.codes[PHONE][0]
    first, again = await enter(village, code, HERE), await enter(village, code, HERE)
    assert isinstance(first, SignedIn) and isinstance(again, SignedIn)
    assert first.actor.person_id == again.actor.person_id
    assert await enter(village, code, Origin("", "device-0002")) == "CODE_WRONG"
    assert await enter(village, code) == "CODE_WRONG"


async def test_a_code_ends_after_five_minutes(village: Village) -> None:
    assert await ask(village) == ""
    village.clock.turn(minutes=5)
    assert await enter(village, village.sent.codes[PHONE][0]) == "CODE_WRONG"


async def test_two_phones_cannot_use_one_code_at_the_same_moment(village: Village) -> None:
    assert await ask(village) == ""
    code = village.sent.codes[PHONE][0]
    origins = [Origin("", f"device-{number:04d}") for number in range(4)]
    answers = await asyncio.gather(*(enter(village, code, origin) for origin in origins))
    assert sum(isinstance(answer, SignedIn) for answer in answers) == 1
    assert await village.city.database.people.count_documents({"phone": PHONE}) == 1


async def test_a_repeated_request_of_the_same_phone_sends_no_second_code(village: Village) -> None:
    assert [await ask(village, origin=HERE) for _ in range(3)] == ["", "", ""]
    assert len(village.sent.codes[PHONE]) == 1
    assert await ask(village, origin=Origin("", "device-0002")) == "TOO_MANY_TRIES"
    village.clock.turn(seconds=60)
    assert await ask(village, origin=HERE) == ""
    assert len(village.sent.codes[PHONE]) == 2


async def test_known_unknown_and_staff_numbers_get_the_same_answers(village: Village) -> None:
    staff = await village.city.database.people.find_one({"_id": "officer-1"})
    citizen = await village.city.database.people.find_one({"_id": "citizen-1"})
    assert staff is not None and citizen is not None
    heard = {}
    for phone in (PHONE, staff["phone"], citizen["phone"]):
        answers = []
        for _ in range(MOST_AN_HOUR[Tried.CODE_SENT]["phone"] + 1):
            answers.append(await ask(village, phone))
            village.clock.turn(seconds=60)
        heard[phone] = answers
        assert len(village.sent.codes[phone]) == 5
        village.clock.turn(hours=1)
    assert set(map(tuple, heard.values())) == {("",) * 5 + ("TOO_MANY_TRIES",)}


@pytest.mark.parametrize(
    ("dimension", "origin"),
    [("address", Origin(address="203.0.113.7")), ("device", Origin(device_id=DEVICE))],
)
async def test_each_dimension_has_its_limit_and_opens_again_with_the_hour(
    village: Village, dimension: str, origin: Origin
) -> None:
    most = MOST_AN_HOUR[Tried.CODE_SENT][dimension]
    phones = [f"138{number:08d}" for number in range(most + 1)]
    assert [await ask(village, phone, origin) for phone in phones[:most]] == [""] * most
    assert await ask(village, phones[most], origin) == "TOO_MANY_TRIES"
    assert phones[most] not in village.sent.codes
    village.clock.turn(hours=1)
    assert await ask(village, phones[most], origin) == ""


async def test_the_city_sends_no_more_codes_in_an_hour_than_its_operator_allows(village: Village) -> None:
    settings = village.city.settings.model_copy(update={"one_time_codes_per_hour": 3})
    village.city = replace(village.city, settings=settings)
    asked = [ask(village, f"138{number:08d}") for number in range(8)]
    assert sorted(await asyncio.gather(*asked)) == [""] * 3 + ["TOO_MANY_TRIES"] * 5
    assert len(village.sent.codes) == 3


async def test_neither_codes_nor_failed_sign_ins_are_kept_under_a_number(village: Village) -> None:
    await ask(village, origin=HERE)
    with pytest.raises(CityProblem, match="SIGN_IN_FAILED"):
        await sign_in_staff(village.city, PHONE, "wrong", HERE)
    for name in ("one_time_codes", "sign_in_tries", "try_counts"):
        rows = await village.city.database[name].find({}).to_list(None)
        assert rows and PHONE not in str(rows)


async def test_a_phone_that_is_stopped_uses_up_nothing_of_its_street(village: Village) -> None:
    most = MOST_AN_HOUR[Tried.CODE_SENT]["device"]
    for number in range(most + 5):
        await ask(village, f"138{number:08d}", HERE)
    rows = await village.city.database.try_counts.find({"_id": {"$regex": ":address:"}}).to_list(None)
    assert [row["tries"] for row in rows] == [most]


async def test_counts_name_no_number_and_no_address_and_go_away(village: Village) -> None:
    await ask(village, origin=HERE)
    rows = await village.city.database.try_counts.find({}).to_list(None)
    assert len(rows) == 4
    for personal in (PHONE, HERE.address, HERE.device_id):
        assert personal not in str(rows)
    assert all(row["expires_at"] > village.clock.now() for row in rows)
    indexes = await village.city.database.try_counts.index_information()
    assert any("expireAfterSeconds" in index for index in indexes.values())


async def test_a_code_that_could_not_be_sent_is_told_and_may_be_asked_for_again_at_once(
    village: Village,
) -> None:
    village.sent.broken = True
    assert await ask(village) == "CODE_NOT_SENT"
    village.sent.broken = False
    assert await ask(village) == ""


async def test_in_production_no_code_is_printed(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    settings = city.settings.model_copy(update={"environment": "production"})
    with pytest.raises(CityProblem, match="CODE_NOT_SENT"):
        await request_code(replace(city, settings=settings), PHONE, PrintingSender())
    assert PHONE not in capsys.readouterr().out


async def test_passwords_are_limited_by_address_across_numbers(village: Village) -> None:
    await village.city.database.people.update_one(
        {"_id": "officer-1"}, {"$set": {"password_hash": hash_password("right")}}
    )
    most = MOST_AN_HOUR[Tried.PASSWORD]["address"]
    await village.city.database.try_counts.delete_many({})
    with pytest.raises(CityProblem, match="SIGN_IN_FAILED"):
        await sign_in_staff(village.city, PHONE, "wrong", Origin("203.0.113.7"))
    await village.city.database.try_counts.update_many({}, {"$set": {"tries": most}})
    with pytest.raises(CityProblem, match="TOO_MANY_TRIES"):
        await sign_in_staff(village.city, "13911112222", "wrong", Origin("203.0.113.7"))
    phone = (await village.city.database.people.find_one({"_id": "officer-1"}) or {})["phone"]
    assert await sign_in_staff(village.city, phone, "right", Origin("203.0.113.8", DEVICE))
