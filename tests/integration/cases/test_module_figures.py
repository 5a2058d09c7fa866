"""A module: its own limit while it is switched on, and what became of its cases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from city_core.cases.duplicates.merge import merge_cases
from city_core.cases.module_figures import module_figures
from city_core.catalogue.catalogue import CATALOGUE_BOOK
from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import content_of, versions_in_force
from city_core.kit.rulebook.tables import blank_row
from tests.integration.cases.test_loop import People, command, dispatched, people
from tests.rulebooks import put_in_force

__all__ = ["people"]
_MEMBER = {
    **blank_row(CATALOGUE_BOOK.tables[5]), "module": "night", "major_code": "01", "major_zh": "夜",
    "major_en": "night", "type_code": "E0110", "limit_a": 2, "limit_unit": "urgent_hour", "weight": 3,
    "certainty": "invented",
}  # fmt: skip


async def switch_module(city: City, *, enabled: bool) -> None:
    version = (await versions_in_force(city))[CATALOGUE_BOOK.name]
    module = {
        "module": "night", "name_zh": "夜", "name_en": "night", "enabled": enabled, "certainty": "invented",
        "note": None,
    }  # fmt: skip
    content = {**await content_of(city, CATALOGUE_BOOK, version), "modules": [module]}
    await put_in_force(city, CATALOGUE_BOOK, {**content, "module_types": [_MEMBER]})


async def test_its_own_limit_holds_while_it_is_switched_on(city: City, people: People) -> None:
    await switch_module(city, enabled=False)
    before = await dispatched(city, people)
    await switch_module(city, enabled=True)
    during = await dispatched(city, people)
    assert (before["limit_value"], before["limit_unit"]) == (4, "work_hour")
    assert (during["limit_value"], during["limit_unit"]) == (2, "urgent_hour")
    assert before["rules"]["catalogue"] + 1 == during["rules"]["catalogue"]


async def test_its_figures_count_one_case_once(city: City, people: People) -> None:
    await switch_module(city, enabled=False)
    first, second = await dispatched(city, people), await dispatched(city, people)
    acceptor = people["acceptor-1"]
    await merge_cases(city, acceptor, second["_id"], command(), into_case_id=first["_id"], reason="同一处")
    now = city.clock.now()
    week = now - timedelta(days=7), now + timedelta(minutes=1)
    figures = await module_figures(city, people["leader-1"], "night", *week)
    assert figures == {"reported": 1, "filed": 1, "open": 1, "closed": 0, "overdue": 0, "weighted": 3}
    nothing = await module_figures(city, people["leader-1"], "night", week[0], week[0] + timedelta(days=1))
    assert set(nothing.values()) == {0}


async def test_who_may_not_ask_and_what_cannot_be_asked(city: City, people: People) -> None:
    await switch_module(city, enabled=False)
    now = city.clock.now()
    for who, name, until, code in (
        ("citizen-1", "night", now, "NOT_ALLOWED"),
        ("leader-1", "day", now, "RULES_UNKNOWN"),
        ("leader-1", "night", now - timedelta(days=9), "PERIOD_INVALID"),
    ):
        with pytest.raises(CityProblem, match=code):
            await module_figures(city, people[who], name, now - timedelta(days=8), until)
