"""A change of the catalogue is for new cases: an old one goes on showing what it was filed under."""

from __future__ import annotations

from typing import Any

from city_core.catalogue.catalogue import CATALOGUE_BOOK
from city_core.kit.rulebook.store import content_of
from tests.api.support import Api
from tests.rulebooks import condition_row, put_in_force

_CONDITIONS = "query { cases { nodes { id condition { textEn limitValue limitUnit } } } }"


async def shown(api: Api) -> dict[str, Any]:
    answer = await api.ask(_CONDITIONS, who="citizen-1")
    assert "errors" not in answer
    return {row["id"]: row["condition"] for row in answer["data"]["cases"]["nodes"]}


async def test_an_old_case_shows_its_own_text_and_limit_and_a_new_one_the_new(own_api: Api) -> None:
    old = await own_api.report()
    before = {"textEn": "there", "limitValue": 4, "limitUnit": "WORK_HOUR"}
    assert await shown(own_api) == {old["_id"]: before}
    content = await content_of(own_api.city, CATALOGUE_BOOK, 1)
    others = [row for row in content["filing_conditions"] if row["type_code"] != "E0110"]
    changed = condition_row("E0110", 9, "urgent_hour", text_en="more than one bag")
    await put_in_force(own_api.city, CATALOGUE_BOOK, {**content, "filing_conditions": [*others, changed]})
    new = await own_api.report()
    after = {"textEn": "more than one bag", "limitValue": 9, "limitUnit": "URGENT_HOUR"}
    assert await shown(own_api) == {old["_id"]: before, new["_id"]: after}
    await put_in_force(own_api.city, CATALOGUE_BOOK, {**content, "filing_conditions": others})
    assert await shown(own_api) == {old["_id"]: before, new["_id"]: after}
