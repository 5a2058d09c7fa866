"""The routing rules of the seed: published once, kept where somebody published others, refused by row."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from city_core.cases.route_case import open_facts
from city_core.cases.routing_book import ROUTING_BOOK
from city_core.cases.routing_rules import route
from city_core.kit.calendar import BEIJING
from city_core.kit.city import City
from city_core.kit.rulebook.store import content_of, open_rules, publish, versions_in_force
from city_core.people.queries import departments
from city_seed import load as seed
from city_seed.reference import REFERENCE_FOLDER, BadReference
from tests.seed.test_seed_load import city, load, mongod_url

__all__ = ["city", "mongod_url"]


async def test_night_season_and_place_lead_to_other_departments(city: City) -> None:
    await load(city)
    opened = await open_rules(city, ROUTING_BOOK)
    finder = await open_facts(city, await versions_in_force(city))
    known = await departments(city)

    def sent(at: str, type_code: str, street_code: str = "370303009", area_class: str = "A") -> Any:
        place = {
            "street_code": street_code, "community_code": "c", "grid_code": "g", "area_class": area_class,
        }  # fmt: skip
        case = {"type_code": type_code, "source": "CITIZEN", "place": place}
        instant = datetime.fromisoformat(at).replace(tzinfo=BEIJING)
        return route(finder.facts_of(case, instant), opened.rules, known, opened.version)

    night = sent("2026-06-06T00:30", "E0129")
    assert (night.id, night.officer_ids[0]) == ("zhoucun-night", "officer-zhoucun-night-01")
    assert sent("2026-06-06T12:00", "E0129").id == "enforcement"
    assert sent("2026-06-06T00:30", "E0129", "370303002").id == "enforcement"
    assert sent("2026-07-01T12:00", "E0505").id == "emergency"
    assert sent("2026-11-01T12:00", "E0505").id == "municipal"
    assert (sent("2026-01-05T12:00", "E0507").id, sent("2026-07-05T12:00", "E0507").id) == (
        "municipal", "sanitation",
    )  # fmt: skip


async def test_rules_that_somebody_published_are_kept(city: City) -> None:
    await load(city)
    assert (await versions_in_force(city))["routing"] == 1
    rows = (await content_of(city, ROUTING_BOOK, 1))["routing_rules"]
    given = {"routing_rules": rows[:1]}
    await publish(city, ROUTING_BOOK, given, by="administrator-001", client_id="c", input_hash="h")
    assert (await load(city))["routing_rules"].unchanged == 3
    assert (await versions_in_force(city))["routing"] == 2


def test_a_bad_rule_is_named_by_file_and_row_before_anything_is_written(tmp_path: Path) -> None:
    for file in REFERENCE_FOLDER.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    path = tmp_path / "routing_rules.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("18:00,02:00", "18:00,18:00"), encoding="utf-8")
    with pytest.raises(BadReference, match=r"routing_rules\.csv, row 2: hours_to"):
        seed.prepare(tmp_path)
