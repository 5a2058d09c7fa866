"""Where people in the field say they are: the latest fix, on duty only, and forgotten in time."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import pytest

from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.change_person import PersonChange, change_person
from city_core.people.positions import AHEAD, MOST_FIXES, Fix
from city_core.people.report_position import forget_old_positions, report_position
from city_core.people.roles import Actor
from city_core.people.sign_out import sign_out, sign_out_everywhere
from city_core.people.tokens import actor_from
from tests.integration.people.conftest import Village


async def stored(village: Village, who: str = "officer-1") -> Row:
    row = await village.city.database.people.find_one({"_id": who})
    assert row is not None
    return row


async def actor(village: Village, who: str = "officer-1") -> Actor:
    return actor_from(await stored(village, who))


def fix(village: Village, minutes_ago: float, lng: float = 118.05, **more: object) -> Fix:
    return Fix(lng, 36.8, village.clock.now() - timedelta(minutes=minutes_ago), **more)  # type: ignore[arg-type]


async def test_the_latest_fix_is_kept_in_wgs84_and_no_other(village: Village) -> None:
    fixes = [
        fix(village, 3, 118.01),
        fix(village, 1, 118.03, datum="GCJ02", accuracy_m=12.5),
        fix(village, 2),
    ]
    answer = await report_position(village.city, await actor(village), fixes)
    assert answer["is_kept"] and answer["last_place_at"] == fixes[1].at
    row = await stored(village)
    assert row["last_place"]["coordinates"] == pytest.approx([118.0244, 36.7996], abs=1e-3)
    assert (row["last_place_at"], row["last_place_accuracy_m"]) == (fixes[1].at, 12.5)
    assert "118.01" not in str(row)


async def test_what_comes_late_or_twice_overwrites_nothing_newer(village: Village) -> None:
    who = await actor(village)
    late, newest = fix(village, 9, 118.01), fix(village, 1, 118.02)
    assert (await report_position(village.city, who, [newest]))["is_kept"]
    before = await stored(village)
    for again in ([late], [newest], [late, newest]):
        answer = await report_position(village.city, who, again)
        assert answer["is_kept"] == (newest in again) and answer["last_place_at"] == newest.at
    assert await stored(village) == before


async def test_fixes_in_any_order_and_at_once_leave_the_newest(village: Village) -> None:
    who, chance = await actor(village), random.Random(7)
    fixes = [fix(village, minutes, 118.0 + minutes / 1000) for minutes in range(1, 31)]
    chance.shuffle(fixes)
    batches = [fixes[start : start + 3] for start in range(0, 30, 3)]
    await asyncio.gather(*(report_position(village.city, who, batch) for batch in batches))
    assert (await stored(village))["last_place"]["coordinates"] == [118.001, 36.8]


@pytest.mark.parametrize(
    ("fixes", "field"),
    [
        ([], "fixes"),
        ([(1, {})] * (MOST_FIXES + 1), "fixes"),
        ([(-3, {})], "at"),
        ([(1, {"datum": "MARS"})], "datum"),
        ([(1, {"accuracy_m": -1.0})], "accuracyM"),
        ([(1, {"lng": float("nan")})], "fixes"),
        ([(1, {"lng": 181.0})], "fixes"),
        ([(1, {}), (1, {"lng": 999.0})], "fixes"),
    ],
)
async def test_bad_fixes_are_refused_and_nothing_is_kept(
    village: Village, fixes: list[tuple[float, dict[str, object]]], field: str
) -> None:
    before = await stored(village)
    given = [fix(village, minutes, **more) for minutes, more in fixes]  # type: ignore[arg-type]
    with pytest.raises(CityProblem) as refused:
        await report_position(village.city, await actor(village), given)
    assert (refused.value.code, refused.value.field) == ("POSITION_INVALID", field)
    assert await stored(village) == before


async def test_a_clock_a_little_ahead_is_taken(village: Village) -> None:
    ahead = fix(village, -AHEAD.total_seconds() / 60)
    assert (await report_position(village.city, await actor(village), [ahead]))["is_kept"]


@pytest.mark.parametrize("who", ["citizen-1", "dispatcher-1", "leader-1", "administrator-1"])
async def test_only_who_works_in_the_field_says_where_they_are(village: Village, who: str) -> None:
    with pytest.raises(CityProblem, match="NOT_ALLOWED"):
        await report_position(village.city, await actor(village, who), [fix(village, 1)])
    assert "last_place_at" not in await stored(village, who)


async def _absent(village: Village) -> None:
    now = village.clock.now()
    await village.city.database.absences.insert_one({
        "_id": "a", "person_id": "officer-1", "starts_at": now - timedelta(hours=1),
        "ends_at": now + timedelta(hours=1), "ended_at": None, "deputy_id": None, "set_by": "x",
        "client_id": "c",
    })  # fmt: skip


async def _off_duty(village: Village) -> None:
    await village.city.database.people.update_one({"_id": "officer-1"}, {"$set": {"on_duty": False}})


async def _shift(village: Village, from_hours: float, to_hours: float) -> None:
    now = village.clock.now()
    await village.city.database.shifts.insert_one({
        "_id": "s", "person_id": "officer-1", "starts_at": now + timedelta(hours=from_hours),
        "ends_at": now + timedelta(hours=to_hours),
    })  # fmt: skip


async def _off_shift(village: Village) -> None:
    await _shift(village, 2, 4)


@pytest.mark.parametrize("ends", [_absent, _off_duty, _off_shift], ids=lambda ends: ends.__name__)
async def test_off_duty_nothing_is_taken_and_what_was_known_is_forgotten(
    village: Village, ends: object
) -> None:
    who = await actor(village)
    await report_position(village.city, who, [fix(village, 1)])
    await ends(village)  # type: ignore[operator]
    with pytest.raises(CityProblem) as refused:
        await report_position(village.city, who, [fix(village, 0)])
    assert (refused.value.code, refused.value.field) == ("NOT_ALLOWED", "duty")
    assert (await stored(village))["last_place"] is None


async def test_what_was_measured_before_the_shift_is_not_kept(village: Village) -> None:
    await _shift(village, -0.25, 4)
    answer = await report_position(village.city, await actor(village), [fix(village, 20)])
    assert not answer["is_kept"] and "last_place_at" not in await stored(village)
    answer = await report_position(village.city, await actor(village), [fix(village, 20), fix(village, 10)])
    assert answer["is_kept"]


async def test_whoever_signs_out_or_may_no_more_is_nowhere(village: Village) -> None:
    signed_in = await village.sign_in()
    for leave in (
        lambda: sign_out(village.city, signed_in.actor),
        lambda: sign_out_everywhere(village.city, signed_in.actor),
        lambda: change_person(village.city, "officer-1", PersonChange(disabled=True)),
    ):
        village.clock.turn(minutes=1)
        assert (await report_position(village.city, signed_in.actor, [fix(village, 0)]))["is_kept"]
        await leave()
        row = await stored(village)
        assert (row["last_place"], row["last_place_at"], row["last_place_accuracy_m"]) == (None, None, None)


async def test_old_positions_are_forgotten_and_usual_places_stay(village: Village) -> None:
    await report_position(village.city, await actor(village), [fix(village, 0)])
    assert await forget_old_positions(village.city) == 0
    village.clock.turn(hours=12, minutes=1)
    assert await forget_old_positions(village.city) == 1
    assert (await stored(village))["last_place"] is None
    assert (await stored(village, "officer-2"))["last_place"] is not None
