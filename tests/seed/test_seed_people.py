"""The demo's people: enough for every duty, invented, and the same as in the accounts file."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from datetime import UTC, datetime
from typing import Any

import pytest

from city_core.people.model import Person
from city_seed.accounts import ACCOUNTS_FILE, demo_accounts
from city_seed.local_departments import local_departments
from city_seed.names import invented_name
from city_seed.people import build_people
from city_seed.reference import Reference, read_reference
from city_seed.zhangdian import BOX, Places, build_places

Row = dict[str, Any]


@pytest.fixture(scope="module")
def reference() -> Reference:
    return read_reference()


@pytest.fixture(scope="module")
def places(reference: Reference) -> Places:
    return build_places(reference.divisions)


@pytest.fixture(scope="module")
def people(reference: Reference, places: Places) -> list[Row]:
    departments = [row["_id"] for row in reference.departments]
    return build_people(places, departments, created_at=datetime(2026, 1, 1, tzinfo=UTC))


def test_every_post_has_its_people(people: list[Row]) -> None:
    assert Counter(person["role"] for person in people) == {
        "INSPECTOR": 146,
        "OFFICER": 116,
        "ACCEPTOR": 6,
        "SHIFT_LEADER": 4,
        "DISPATCHER": 4,
        "LEADER": 15,
        "ADMINISTRATOR": 1,
        "SECURITY_ADMINISTRATOR": 1,
        "AUDITOR": 1,
        "CITIZEN": 40,
    }


def test_every_responsibility_grid_has_two_inspectors_on_duty(people: list[Row], places: Places) -> None:
    cover: dict[str, set[str]] = defaultdict(set)
    for person in people:
        if person["role"] == "INSPECTOR" and person["on_duty"]:
            for grid in person["responsibility_grid_ids"]:
                cover[grid].add(person["_id"])
    assert set(cover) == {row["_id"] for row in places.responsibility_grids}
    assert min(len(inspectors) for inspectors in cover.values()) >= 2


def test_every_department_has_three_officers_for_every_street(
    people: list[Row], reference: Reference
) -> None:
    officers = [person for person in people if person["role"] == "OFFICER"]
    for department in reference.departments:
        own = [person for person in officers if person["department_id"] == department["_id"]]
        for street in (entry.code for entry in reference.divisions if entry.level == "street"):
            assert sum(street in person["street_codes"] for person in own) >= 3


def test_staff_in_the_field_stand_in_their_own_area(people: list[Row], places: Places) -> None:
    middles = {tuple(row["centre"]["coordinates"]): row for row in places.unit_grids + places.divisions}
    for person in people:
        if person["role"] in ("INSPECTOR", "OFFICER"):
            lng, lat = person["last_place"]["coordinates"]
            assert BOX.west < lng * 1_000_000 < BOX.east and BOX.south < lat * 1_000_000 < BOX.north
            here = middles[lng, lat]
            street = here.get("street_code") or (
                here["_id"] if here["level"] == "street" else here["parent_code"]
            )
            assert street in person["street_codes"]


def test_seats_and_leaders_answer_for_the_whole_district(people: list[Row]) -> None:
    for person in people:
        seat = person["role"] in ("ACCEPTOR", "SHIFT_LEADER", "DISPATCHER", "LEADER")
        if seat and person["level"] == "DISTRICT":
            assert len(person["street_codes"]) == 13


def test_ids_phones_and_names_are_invented_and_never_twice(people: list[Row]) -> None:
    for field in ("_id", "phone", "name"):
        assert len({person[field] for person in people}) == len(people)
    assert all(re.fullmatch(r"1990533\d{4}", person["phone"]) for person in people)
    assert len({invented_name(index) for index in range(400)}) == 400


def test_a_person_has_the_fields_of_the_stored_shape(people: list[Row]) -> None:
    of_others = {"wechat_openid", "claim_hash", "collections", "administration_post"}
    fields = set(Person.model_fields) - {"revision_id"} - of_others
    expected = {"_id" if name == "id" else name for name in fields}
    assert all(set(person) == expected for person in people)


def test_nobody_carries_a_password_that_was_written_into_the_source(people: list[Row]) -> None:
    assert all(person["password_hash"] is None for person in people)


def test_the_accounts_file_is_the_one_that_the_people_give() -> None:
    assert json.loads(ACCOUNTS_FILE.read_text(encoding="utf-8")) == demo_accounts()


def test_the_accounts_file_has_an_account_of_every_post_and_department(reference: Reference) -> None:
    accounts = demo_accounts()["accounts"]
    assert {account["role"] for account in accounts} == {
        "INSPECTOR",
        "OFFICER",
        "ACCEPTOR",
        "SHIFT_LEADER",
        "DISPATCHER",
        "LEADER",
        "ADMINISTRATOR",
        "CITIZEN",
        "SECURITY_ADMINISTRATOR",
        "AUDITOR",
    }
    district = {row["_id"] for row in reference.departments}
    local = {a["department_id"] for a in accounts} - {None} - district
    assert district <= {a["department_id"] for a in accounts}
    assert {name.partition("-")[0] for name in local} == {"office", "station"}


def test_every_street_has_an_office_a_station_and_a_leader_of_its_own(
    people: list[Row], places: Places
) -> None:
    local = local_departments(places.divisions)
    streets = {row["_id"] for row in places.divisions if row["level"] == "street"}
    assert {row["area_code"] for row in local if row["level"] == "STREET"} == streets
    assert {row["area_code"][:9] for row in local if row["level"] == "COMMUNITY"} == streets
    assert all("演示" in row["name_zh"] and "demo" in row["name_en"] for row in local)
    officers = Counter(person["department_id"] for person in people)
    assert {officers[row["_id"]] for row in local} == {1}
    leaders = [person for person in people if person["role"] == "LEADER" and person["level"] == "STREET"]
    assert [person["street_codes"] for person in leaders] == [[street] for street in sorted(streets)]
