"""Bad profiles are refused with the row and the reason, and the old version stays in force."""

from __future__ import annotations

import pytest

from city_core.cases.emergency.rules import EMERGENCY_PROFILES
from city_core.kit.city import City
from city_core.kit.rulebook.store import open_rules, publish_csv
from city_core.kit.rulebook.tables import read_csv, write_csv
from tests.integration.cases.emergencies import TABLES
from tests.village import found_village

LIMITS, ROUTES = "profile,type_prefix,value,unit,percent\n", "profile,type_prefix,department_id\n"


async def faults_of(city: City, **files: str) -> list[str]:
    published = await publish_csv(
        city, EMERGENCY_PROFILES, {**TABLES, **files}, by="a", client_id="bad", input_hash="bad"
    )
    assert (published.version, published.is_published) == (1, False)
    return [str(fault) for fault in published.faults]


@pytest.mark.parametrize(
    ("table", "text", "fault"),
    [
        ("profile_limits", LIMITS + "flood,E0110,0,urgent_minute,\n",
         "profile_limits, row 2, value: must be a whole number from 1 to 9999, not '0'"),
        ("profile_limits", LIMITS + "flood,E0110,4,,\n",
         "profile_limits, row 2, value: give either value and unit, or a percentage alone"),
        ("profile_limits", LIMITS + "flood,E0110,4,work_hour,50\n",
         "profile_limits, row 2, value: give either value and unit, or a percentage alone"),
        ("profile_limits", LIMITS + "flood,E,,,50\nfire,E,,,50\n",
         "profile_limits, row 3, profile: unknown profile 'fire'"),
        ("profile_limits", LIMITS + "flood,E,,,50\nflood,E,,,60\n",
         "profile_limits, row 3, profile: flood, E stands in row 2 already"),
        ("profile_limits", LIMITS + "flood,E,,,50\nflood,X9,,,50\n",
         "profile_limits, row 3, type_prefix: unknown type prefix 'X9'"),
        ("profile_routes", ROUTES + "flood,E0110,fire-brigade\n",
         "profile_routes, row 2, department_id: unknown department 'fire-brigade'"),
        ("profile_routes", ROUTES + "flood,E0409,water\n",
         "profile_routes, row 2, type_prefix: E0409 has no limit in this profile (100 percent leaves it)"),
        ("profiles", "name,name_zh,name_en,widens_visibility\nflood,防汛,Flood,CITIZEN\nquiet,值,Q,\n",
         "profiles, row 2, widens_visibility: cannot widen to CITIZEN; known: "
         "ACCEPTOR, DISPATCHER, INSPECTOR, LEADER, OFFICER, SHIFT_LEADER"),
    ],
)  # fmt: skip
async def test_a_bad_row_is_named_and_the_old_version_stays(
    city: City, table: str, text: str, fault: str
) -> None:
    await found_village(city)
    good = await publish_csv(city, EMERGENCY_PROFILES, TABLES, by="a", client_id="ok", input_hash="ok")
    assert good.is_published, good.faults
    assert fault in await faults_of(city, **{table: text})
    assert (await open_rules(city, EMERGENCY_PROFILES)).version == 1


async def test_before_anything_was_published_two_kinds_halve_the_limits(city: City) -> None:
    opened = await open_rules(city, EMERGENCY_PROFILES)
    assert (opened.version, sorted(opened.rules)) == (0, ["flood", "snow"])
    assert EMERGENCY_PROFILES.check(EMERGENCY_PROFILES.first_content) == []


@pytest.mark.parametrize("table", EMERGENCY_PROFILES.tables, ids=lambda table: table.name)
def test_what_goes_out_as_csv_comes_back_the_same(table) -> None:  # type: ignore[no-untyped-def]
    rows = read_csv(table, TABLES[table.name]).rows
    assert rows and read_csv(table, write_csv(table, rows)).rows == rows
