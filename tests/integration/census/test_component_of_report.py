"""From a report: what stands here, whose it is, what it had; and what a report's code is worth."""

from __future__ import annotations

from typing import Any

import pytest

from city_core.cases.components.here import components_here
from city_core.cases.components.of_case import component_of_case
from city_core.cases.components.past_cases import past_cases
from city_core.cases.submit import ReportDraft, submit_report
from city_core.catalogue.catalogue import catalogue_of
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.places.components.queries import components_by_code
from city_core.places.locate import GivenPoint
from tests.integration.census.town import COVER, LAMP, Town
from tests.village import INSIDE

NEAR, NEXT, FAR = "3703030102000001", "3703030137000001", "3703030102000009"
_A_METRE = 0.000_009


async def report(
    town: Town, code: str | None, who: str = "citizen-1", at: tuple[float, float] = INSIDE
) -> Row:
    draft = ReportDraft("E0110", None, "井盖响", *at, "WGS84", 5.0, "", [], component_code=code)
    return await submit_report(town.city, town[who], town.command(), draft)


async def with_components(town: Town) -> None:
    await town.stands(NEAR, (INSIDE[0], INSIDE[1] + 5 * _A_METRE))
    await town.stands(NEXT, (INSIDE[0], INSIDE[1] + 12 * _A_METRE))
    await town.stands(FAR, (INSIDE[0], INSIDE[1] + 60 * _A_METRE))
    await town.stands("3703030102000010", INSIDE, state="REMOVED")


async def test_what_stands_here_comes_nearest_first_with_what_it_had(town: Town) -> None:
    await with_components(town)
    cases = [await report(town, NEAR) for _ in range(5)]
    await report(town, NEXT)
    here = GivenPoint(*INSIDE)
    found = await components_here(town.city, town["inspector-1"], here)
    assert [one.component["_id"] for one in found] == [NEAR, NEXT]
    assert found[0].component["distance_m"] == pytest.approx(5.0, abs=0.1)
    assert found[0].past.count == 5
    assert [row["_id"] for row in found[0].past.latest] == [case["_id"] for case in reversed(cases)][:3]
    lamps = await components_here(town.city, town["inspector-1"], here, type_code=LAMP, within_m=100)
    assert [one.component["_id"] for one in lamps] == [NEXT]
    assert len(await components_here(town.city, town["inspector-1"], here, within_m=100, first=1)) == 1
    for wrong in ({"within_m": 201.0}, {"within_m": 0.0}, {"first": 21}):
        with pytest.raises(CityProblem):
            await components_here(town.city, town["inspector-1"], here, **wrong)  # type: ignore[arg-type]


async def test_past_cases_are_those_that_one_may_see(town: Town) -> None:
    await with_components(town)
    await report(town, NEAR)
    for who, count in (("inspector-1", 1), ("dispatcher-1", 1), ("inspector-2", 0), ("officer-1", 0)):
        found = await past_cases(town.city, town[who], [NEAR])
        assert (found[NEAR].count if NEAR in found else 0) == count, who
    assert await past_cases(town.city, town["citizen-1"], [NEAR]) == {}


@pytest.mark.parametrize(
    ("code", "is_known", "is_far"),
    [(NEAR, True, False), ("LAMP-7", False, False), (FAR, True, True), (None, None, None)],
)
async def test_any_code_is_taken_and_what_is_odd_is_told(
    town: Town, code: str | None, is_known: bool | None, is_far: bool | None
) -> None:
    await town.stands(NEAR)
    await town.stands(FAR, (INSIDE[0], INSIDE[1] + 120 * _A_METRE))
    case = await report(town, code)
    assert case["component_code"] == code
    found = await _of(town, case)
    if found is None:
        assert is_known is None
        return
    assert (found.component is not None, found.is_far) == (is_known, is_far)


async def test_a_cover_of_unknown_owner_is_filed_as_such(town: Town) -> None:
    await town.stands(NEAR, owner_is_known=False, owner_department_id=None)
    await town.stands(NEXT, owner_is_known=False, owner_department_id=None)
    await town.stands(FAR)
    files_as = {code: (await _of(town, await report(town, code))).files_as for code in (NEAR, NEXT, FAR)}
    assert files_as == {NEAR: "C0123", NEXT: None, FAR: None}, "a lamp is no cover"
    types = {COVER: {"name_zh": "污水井盖"}, "C01002": {"name_zh": "污水井盖"}}
    row = await town.component(NEAR)
    case = await report(town, NEAR)
    found = component_of_case(case, {**row, "type_code": "C01002"}, types)
    assert found is not None and found.files_as == "C01023"


async def _of(town: Town, case: Row) -> Any:
    codes = [case["component_code"]] if case["component_code"] else []
    known = await components_by_code(town.city, codes)
    types = (await catalogue_of(town.city)).rules.types
    return component_of_case(case, known.get(case["component_code"] or ""), types)
