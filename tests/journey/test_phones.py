"""The scripted phones know the demo's people, places and the contract without looking into the seed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from city_demo.morning.crew import inspectors_of, officers_of
from city_demo.morning.stories import DEPARTMENTS, STORIES
from city_demo.phones import demo_phone_of, role_of
from city_demo.phones.contracts import UnknownOperation, published_contracts
from city_seed.people import INNER_STREETS, build_people
from city_seed.reference import read_reference
from city_seed.zhangdian import build_places

REFERENCE = read_reference()
PLACES = build_places(REFERENCE.divisions)
PEOPLE = build_people(
    PLACES, [row["_id"] for row in REFERENCE.departments], created_at=datetime(2026, 1, 1, tzinfo=UTC)
)


def test_everybody_of_the_demo_is_found_under_the_number_that_the_seed_gave_them() -> None:
    assert {row["_id"]: (demo_phone_of(row["_id"]), role_of(row["_id"])) for row in PEOPLE} == {
        row["_id"]: (row["phone"], row["role"]) for row in PEOPLE
    }


def test_a_stranger_has_no_number() -> None:
    with pytest.raises(ValueError, match="nobody of the demo"):
        demo_phone_of("0190a1b2c3")


def test_the_inspectors_of_a_community_are_those_of_the_seed() -> None:
    communities = [row["_id"] for row in PLACES.divisions if row["level"] == "community"]
    for community in communities:
        of_seed = [
            row["_id"]
            for row in PEOPLE
            if row["role"] == "INSPECTOR" and row["responsibility_grid_ids"][0].startswith(community)
        ]
        assert inspectors_of(community, communities) == of_seed


def test_the_officers_on_duty_are_all_who_serve_the_inner_streets_for_the_departments_of_the_stories() -> (
    None
):
    of_seed = {
        row["_id"]
        for row in PEOPLE
        if row["role"] == "OFFICER"
        and row["department_id"] in DEPARTMENTS
        and INNER_STREETS & set(row["street_codes"])
    }
    assert set(officers_of(DEPARTMENTS)) == of_seed


def test_there_are_at_least_a_dozen_stories_of_six_types_in_the_known_catalogue() -> None:
    types = {row["code"] for row in REFERENCE.catalogue["case_types"]}
    conditions = {row["id"] for row in REFERENCE.catalogue["filing_conditions"]}
    named = {(story.type_code, story.condition_id) for story in STORIES if story.type_code is not None} | {
        story.filed_as for story in STORIES if story.filed_as is not None
    }
    assert len(STORIES) >= 12
    assert len({type_code for type_code, _ in named}) >= 6
    assert {type_code for type_code, _ in named} <= types
    assert {condition for _, condition in named if condition is not None} <= conditions


@pytest.mark.parametrize(
    ("app", "field", "name"),
    [
        ("inspector", "case", "TaskCase"),
        ("citizen", "case", "CaseWithHistory"),
        ("officer", "reportHandled", "ReportHandled"),
        ("seat", "cases", "CasesPage"),
    ],
)
def test_an_operation_is_found_by_app_and_by_what_it_asks_for(app: str, field: str, name: str) -> None:
    operation = published_contracts().operation(app, field)
    assert (operation.app, operation.name) == (app, name)


def test_what_no_app_may_ask_is_not_sent() -> None:
    with pytest.raises(UnknownOperation, match="asks for everything"):
        published_contracts().operation("citizen", "everything")
